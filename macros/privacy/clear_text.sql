{#- A name that is only shown, never compared: there if the var `personal_data` is `clear`. -#}
{% macro clear_text(text) -%}
    {{ text if personal_data_mode() == 'clear' else 'cast(null as varchar)' }}
{%- endmacro %}
