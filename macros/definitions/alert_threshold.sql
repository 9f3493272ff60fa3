{#- The value of a var from which an alert is raised; NULL, which is never reached, if it is null. -#}
{% macro alert_threshold(name) -%}
    cast({{ 'null' if var(name) is none else var(name) }} as double)
{%- endmacro %}
