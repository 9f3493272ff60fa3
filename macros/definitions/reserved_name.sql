{#- The first of some names that `outside_name` put in quotes; NULL: none. -#}
{% macro reserved_name(names) -%}
    coalesce(
        {%- for name in names %}
        case when {{ name }} like '"(%)"' then {{ name }} end,
        {%- endfor %}
        cast(null as {{ dbt.type_string() }})
    )
{%- endmacro %}
