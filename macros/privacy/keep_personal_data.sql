{#- Brings the rows of a table with personal data to the present mode. -#}
{% macro keep_personal_data(table) -%}
    update {{ table.relation }}
    set
        {%- for column in table.columns %}
        {{ column.name }} = {{ kept_value(column.kind, column.name) }}{{ ',' if not loop.last }}
        {%- endfor %};
{%- endmacro %}
