{#- Trino's greatest() is NULL if one argument is. -#}
{% macro later_of(day, other) -%}
    coalesce(greatest({{ day }}, {{ other }}), {{ day }}, {{ other }})
{%- endmacro %}
