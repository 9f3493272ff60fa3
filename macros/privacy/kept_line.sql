{% macro kept_line(raw_text) -%}
    {%- if personal_data_mode() == 'pseudonym' -%}
        cast(null as varchar)
    {%- else -%}
        left({{ without_emails(raw_text) }}, 1000)
    {%- endif -%}
{%- endmacro %}
