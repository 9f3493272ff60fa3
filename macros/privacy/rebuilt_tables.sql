{% macro rebuilt_tables() -%}
    {%- set relations = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
        {#- Tables that cannot be rebuilt from other tables; their `full_refresh` is true only when
            reports are reloaded. -#}
        {%- set is_kept = node.config.full_refresh is false -%}
        {%- for suffix in ['__dbt_tmp', '__dbt_backup'] + ([] if is_kept else ['']) -%}
            {%- set relation = adapter.get_relation(
                node.database, node.schema, node.alias ~ suffix
            ) -%}
            {%- if relation and relation.is_table -%}
                {%- do relations.append(relation) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(relations) }}
{%- endmacro %}
