{% macro known_client_types() -%}
    ('KIRO_IDE', 'KIRO_CLI', 'PLUGIN', 'KIRO_WEB')
{%- endmacro %}
