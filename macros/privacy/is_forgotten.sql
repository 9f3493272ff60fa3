{#- The plugin `private_database` sets the variables. -#}
{% macro is_forgotten(user_id, raw_text=none) -%}
    (
        coalesce(list_contains(getvariable('forgotten_ids'), {{ user_id }}), false)
        {%- if raw_text %}
        or coalesce(
            regexp_matches(lower({{ raw_text }}), getvariable('forgotten_pattern')), false
        )
        {%- endif %}
    )
{%- endmacro %}
