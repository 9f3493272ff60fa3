{#- Run after lines were loaded: takes out those that `report_lines` left blank as forgotten. -#}
{% macro delete_forgotten_lines() -%}
    {%- if people_to_forget() -%}
        {{ forget_lines(this, "rejection_reason = 'forgotten'") }}
    {%- endif -%}
{%- endmacro %}
