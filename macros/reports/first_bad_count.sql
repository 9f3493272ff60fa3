{#- The first {name, value, number} of a list of counts whose value is neither blank nor a count. -#}
{% macro first_bad_count(counts) -%}
    list_filter(
        {{ counts }},
        lambda counted:
            counted['value'] is not null and not {{ is_count("counted['number']") }}
    )[1]
{%- endmacro %}
