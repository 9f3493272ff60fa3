{% macro kept_reason(rejection_reason) -%}
    {%- if personal_data_mode() == 'pseudonym' -%}
        regexp_replace({{ rejection_reason }}, ': .*$', '', 's')
    {%- else -%}
        left({{ without_emails(rejection_reason) }}, 1000)
    {%- endif -%}
{%- endmacro %}
