{% macro match_key(text) -%}
    {%- if personal_data_mode() == 'clear' -%}
        lower(trim({{ text }}))
    {%- elif personal_data_mode() == 'pseudonym' -%}
        {{ pseudonym('lower(trim(' ~ text ~ '))') }}
    {%- else -%}
        cast(null as varchar)
    {%- endif -%}
{%- endmacro %}
