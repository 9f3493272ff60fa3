{#- A setting's value as a text in SQL; NULL if it is null. -#}
{% macro text_literal(value) -%}
    {%- if value is none -%}
    cast(null as {{ dbt.type_string() }})
    {%- else -%}
    '{{ value | string | replace("'", "''") }}'
    {%- endif -%}
{%- endmacro %}
