{% macro keep_personal_data(table) -%}
    update {{ table.relation }}
    set
        {%- for column in table.columns %}
        {{ column.name }} = {{ kept_value(column.kind, column.name) }}{{ ',' if not loop.last }}
        {%- endfor %};
{%- endmacro %}
