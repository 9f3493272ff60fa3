{% macro delete_forgotten_lines() -%}
    {%- if people_to_forget() -%}
        {{ forget_lines(this, "rejection_reason = 'forgotten'") }}
    {%- endif -%}
{%- endmacro %}
