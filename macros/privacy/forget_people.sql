{% macro forget_people(table) -%}
    {%- if people_to_forget() and table.line -%}
        {{ forget_lines(table.relation, is_forgotten(table.user_id, table.line)) }}
    {%- elif people_to_forget() and table.user_id -%}
        delete from {{ table.relation }} where {{ is_forgotten(table.user_id) }};
    {%- elif people_to_forget() and table.charged_user_id -%}
        {#- Their charges stay, without a user. -#}
        update {{ table.relation }}
        set {{ table.charged_user_id }} = null
        where {{ is_forgotten(table.charged_user_id) }};
    {%- endif -%}
{%- endmacro %}
