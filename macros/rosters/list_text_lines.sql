{% macro list_text_lines(content) -%}
    string_split(
        replace(
            replace(decode({{ content }}), chr(13) || chr(10), chr(10)), chr(13), chr(10)
        ),
        chr(10)
    )
{%- endmacro %}
