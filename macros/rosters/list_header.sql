{% macro list_header(first_line) -%}
    list_transform(
        string_split({{ first_line }}, ','),
        lambda name: regexp_replace(lower(name), '[^a-z0-9]', '', 'g')
    )
{%- endmacro %}
