{% macro reports_dir() -%}
    {{ return(configured_dir('KIRO_REPORTS_DIR', 'data/reports')) }}
{%- endmacro %}
