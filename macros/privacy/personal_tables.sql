{% macro personal_tables() -%}
    {%- set tables = [] -%}
    {%- for node in graph.nodes.values() if node.config.materialized == 'incremental' -%}
        {%- set relation = adapter.get_relation(node.database, node.schema, node.alias) -%}
        {%- set columns = [] -%}
        {%- set names = {} -%}
        {%- for column in node.columns.values() if column.meta.get('personal_data') -%}
            {%- do columns.append({'name': column.name, 'kind': column.meta['personal_data']}) -%}
            {%- do names.update({column.meta['personal_data']: column.name}) -%}
        {%- endfor -%}
        {%- if relation and columns -%}
            {%- do tables.append({
                'relation': relation,
                'columns': columns,
                'user_id': names.get('user_id'),
                'charged_user_id': names.get('charged_user_id'),
                'line': names.get('line'),
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(tables) }}
{%- endmacro %}
