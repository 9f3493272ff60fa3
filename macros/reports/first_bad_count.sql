{% macro first_bad_count(counts) -%}
    list_filter(
        {{ counts }},
        lambda counted:
            counted['value'] is not null and not {{ is_count("counted['number']") }}
    )[1]
{%- endmacro %}
