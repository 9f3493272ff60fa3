{#-
    A user id in lower case, without the identity store's id that some sources put before it: reports
    as `d-1234567890.<id>`, the bill as `1234567890-<id>`.
-#}
{% macro bare_user_id(user_id) -%}
    regexp_replace(lower({{ user_id }}), '^(d-[0-9a-z]+[.]|[0-9a-f]{10}-)', '')
{%- endmacro %}
