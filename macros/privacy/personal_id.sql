{#-
    A reported user id as the database holds it: the bare id, or its pseudonym. An e-mail address as
    user id, where none may be held, becomes the id that lists give to its owner.
-#}
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
