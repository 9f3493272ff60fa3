{#- The later of two days, of which either may be NULL: Trino's greatest() is NULL if one is. -#}
{% macro later_of(day, other) -%}
    coalesce(greatest({{ day }}, {{ other }}), {{ day }}, {{ other }})
{%- endmacro %}
