{% macro known_list_columns_as_list() -%}
    [
        {%- for name in known_list_columns() %}
        '{{ name }}'
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    ]
{%- endmacro %}
