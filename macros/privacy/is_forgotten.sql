{#-
    Whether a row is of somebody in the var `people_to_forget`: by the user id as the database holds
    it or, for a line that may be cut wrongly, by its text. Both as pseudonym and as id.
-#}
{% macro is_forgotten(user_id, raw_text=none) -%}
    {%- set ids = forgotten_ids() -%}
    {%- if not ids -%}
        false
    {%- else -%}
        (
            coalesce({{ user_id }} in (
                {%- for id in ids %}
                '{{ id }}'
                {%- if personal_data_mode() == 'pseudonym' %}, {{ pseudonym("'" ~ id ~ "'") }}{% endif %}
                {%- if not loop.last %},{% endif %}
                {%- endfor %}
            ), false)
            {%- if raw_text %}
            or coalesce(
                regexp_matches(
                    lower({{ raw_text }}),
                    '(?:^|[^0-9a-z._:-])(?:d-[0-9a-z]+[.]|[0-9a-f]{10}-)?'
                    || '(?:{{ ids | map("replace", ".", "[.]") | join("|") }})(?:[^0-9a-z._:-]|$)'
                ),
                false
            )
            {%- endif %}
        )
    {%- endif -%}
{%- endmacro %}
