{% macro clear_text(text) -%}
    {{ text if personal_data_mode() == 'clear' else 'cast(null as varchar)' }}
{%- endmacro %}
