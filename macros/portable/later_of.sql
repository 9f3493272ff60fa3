{#- Trino's greatest() returns NULL if either argument is NULL. -#}
{% macro later_of(day, other) -%}
    coalesce(greatest({{ day }}, {{ other }}), {{ day }}, {{ other }})
{%- endmacro %}
