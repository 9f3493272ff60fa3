{% macro personal_id(user_id) -%}
    {%- set id = bare_user_id(user_id) -%}
    {%- if personal_data_mode() == 'pseudonym' -%}
        {{ pseudonym(id) }}
    {%- elif personal_data_mode() == 'none' -%}
        case
            when contains({{ user_id }}, '@') then {{ unmatched_person_id(id) }}
            else {{ id }}
        end
    {%- else -%}
        {{ id }}
    {%- endif -%}
{%- endmacro %}
