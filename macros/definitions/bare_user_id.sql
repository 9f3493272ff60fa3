{% macro bare_user_id(user_id) -%}
    regexp_replace(lower({{ user_id }}), '^(d-[0-9a-z]+[.]|[0-9a-f]{10}-)', '')
{%- endmacro %}
