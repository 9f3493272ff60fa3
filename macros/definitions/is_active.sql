{% macro is_active() -%}
    (
        coalesce(messages, 0) > 0
        or coalesce(credits_used, 0) > 0
        or coalesce(conversations, 0) > 0
    )
{%- endmacro %}
