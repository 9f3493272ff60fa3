{#- A user id in lower case, without the identity store's id that some files put before it. -#}
{% macro bare_user_id(user_id) -%}
    regexp_replace(lower({{ user_id }}), '^d-[0-9a-z]+[.]', '')
{%- endmacro %}
