{% macro reserved_name(names) -%}
    coalesce(
        {%- for name in names %}
        case when {{ name }} like '"(%)"' then {{ name }} end,
        {%- endfor %}
        cast(null as {{ dbt.type_string() }})
    )
{%- endmacro %}
