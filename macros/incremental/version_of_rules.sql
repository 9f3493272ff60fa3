{#-
    A text that changes when models of reports, the plan seed or a var that they ask for do, so
    that what was made by other rules is made again. Macros cannot be seen from here: raise
    `macros` when one that these models use changes what they hold.
-#}
{% macro version_of_rules() -%}
    {%- set macros = 1 -%}
    {%- set parts = ['macros:' ~ macros, 'overage_semantics:' ~ var('overage_semantics')] -%}
    {%- for node in graph.get('nodes', {}).values() -%}
        {%- if
            node.name == 'plan_prices'
            or node.resource_type == 'model'
            and (node.fqn[1] == 'staging' or node.config.materialized == 'incremental')
        -%}
            {%- do parts.append(node.name ~ ':' ~ node.checksum.checksum) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(local_md5(parts | sort | join(','))) }}
{%- endmacro %}
