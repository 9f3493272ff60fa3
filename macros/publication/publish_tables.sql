{#- The plugin `private_database` copies the tables. -#}
{% macro publish_tables(results) %}
    {%- set is_file = (
        target.type == 'duckdb' and target.path != ':memory:' and not target.path.startswith('md:')
    ) -%}
    {%- if execute and flags.WHICH == 'build' and is_file -%}
        {%- set made = [] -%}
        {%- set failed = [] -%}
        {%- for result in results -%}
            {%- if result.status == 'success' -%}
                {%- do made.append(result.node.unique_id) -%}
            {%- elif result.status not in ('pass', 'warn', 'no-op') -%}
                {%- do failed.append(result.node.unique_id) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set public_tables = [] -%}
        {%- set missing = [] -%}
        {%- for node in graph.nodes.values()
            if node.resource_type == 'model' and node.fqn[1] == 'marts' -%}
            {%- do public_tables.append(node.alias) -%}
            {%- if node.unique_id not in made -%}
                {%- do missing.append(node.alias) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if not failed and not missing -%}
            {%- do adapter.store_relation(
                'private_database',
                api.Relation.create(database=target.database, schema=target.schema),
                [],
                '',
                'duckdb',
                {'tables': public_tables}
            ) -%}
            {{ log(
                "Answers: .venv/bin/python scripts/show_answers.py. Dashboard: make report. "
                ~ "Documentation: make docs.",
                info=true
            ) }}
        {%- elif failed -%}
            {{ log(
                "The published copy of the public tables stays that of the last build without "
                ~ "errors.",
                info=true
            ) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
