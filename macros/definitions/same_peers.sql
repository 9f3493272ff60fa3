{% macro same_peers(seats, outcomes) -%}
    {{ seats }}.origin_day = {{ outcomes }}.origin_day
    and {{ seats }}.usage_month = {{ outcomes }}.usage_month
    and {{ seats }}.level = {{ outcomes }}.level
    and {{ seats }}.pace = {{ outcomes }}.pace
{%- endmacro %}
