{#- Engines number weekdays differently. -#}
{% macro is_weekend(date) -%}
    {{ return(adapter.dispatch('is_weekend')(date)) }}
{%- endmacro %}

{% macro default__is_weekend(date) -%}
    (isodow({{ date }}) >= 6)
{%- endmacro %}

{% macro spark__is_weekend(date) -%}
    (weekday({{ date }}) >= 5)
{%- endmacro %}

{% macro athena__is_weekend(date) -%}
    (day_of_week({{ date }}) >= 6)
{%- endmacro %}
