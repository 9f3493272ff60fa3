{#- The clients that this version has heard of, as `client_type` names them. -#}
{% macro known_client_types() -%}
    ('KIRO_IDE', 'KIRO_CLI', 'PLUGIN', 'KIRO_WEB')
{%- endmacro %}
