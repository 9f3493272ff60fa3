{#- A name that is shown but never compared. -#}
{% macro clear_text(text) -%}
    {{ text }}
{%- endmacro %}
