{% macro alert_threshold(name) -%}
    cast({{ 'null' if var(name) is none else var(name) }} as double)
{%- endmacro %}
