{% macro month_end(date) -%}
    {{ return(adapter.dispatch('month_end')(date)) }}
{%- endmacro %}

{% macro default__month_end(date) -%}
    last_day({{ date }})
{%- endmacro %}

{% macro athena__month_end(date) -%}
    last_day_of_month({{ date }})
{%- endmacro %}
