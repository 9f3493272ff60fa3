{% macro seats_dir() -%}
    {{ return(configured_dir('KIRO_SEATS_DIR', 'data/seats')) }}
{%- endmacro %}
