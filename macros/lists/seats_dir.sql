{#- Where the bill, the roster, the directory and the list of teams lie, each in a folder of its own. -#}
{% macro seats_dir() -%}
    {{ return(configured_dir('KIRO_SEATS_DIR', 'data/seats')) }}
{%- endmacro %}
