{#- A person's id as tables hold it. -#}
{% macro personal_id(user_id) -%}
    {{ bare_user_id(user_id) }}
{%- endmacro %}
