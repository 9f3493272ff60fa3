{% macro holds_forgotten_people(tables) -%}
    {%- for table in tables if people_to_forget() and (table.user_id or table.charged_user_id) -%}
        {%- if run_query(
            'select 1 from ' ~ table.relation
            ~ ' where ' ~ is_forgotten(table.user_id or table.charged_user_id, table.line) ~ ' limit 1'
        ) | length -%}
            {{ return(true) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(false) }}
{%- endmacro %}
