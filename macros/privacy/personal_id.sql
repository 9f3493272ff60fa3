{#- A reported user id as the database holds it: the bare id, or its pseudonym. -#}
{% macro personal_id(user_id) -%}
    {%- if personal_data_mode() == 'pseudonym' -%}
        {{ pseudonym(bare_user_id(user_id)) }}
    {%- else -%}
        {{ bare_user_id(user_id) }}
    {%- endif -%}
{%- endmacro %}
