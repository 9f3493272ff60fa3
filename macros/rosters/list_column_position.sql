{% macro list_column_position(meaning) -%}
    coalesce(
        {%- for name in known_list_columns([meaning]) %}
        list_position(header, '{{ name }}')
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    )
{%- endmacro %}
