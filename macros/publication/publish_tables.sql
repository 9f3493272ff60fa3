{#- The plugin `private_database` copies the tables. -#}
{% macro publish_tables(results) %}
    {%- set is_file = (
        target.type == 'duckdb' and target.path != ':memory:' and not target.path.startswith('md:')
    ) -%}
    {%- if execute and flags.WHICH == 'build' and is_file -%}
        {%- set made = [] -%}
        {%- set skipped = [] -%}
        {%- set failed = [] -%}
        {%- for result in results -%}
            {%- if result.status == 'success' -%}
                {%- do made.append(result.node.unique_id) -%}
            {%- elif result.status == 'skipped' -%}
                {%- do skipped.append(result.node.unique_id) -%}
            {%- elif
                result.status not in ('pass', 'warn', 'no-op')
                and result.node.fqn[1:3] != ['intermediate', 'forecast'] -%}
                {%- do failed.append(result.node.unique_id) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set public_tables = [] -%}
        {%- set kept_back = [] -%}
        {%- set missing = [] -%}
        {%- for node in graph.nodes.values()
            if node.resource_type == 'model' and node.fqn[1] == 'marts' -%}
            {%- if node.unique_id in skipped and node.config.materialized != 'view' -%}
                {%- do kept_back.append(node.alias) -%}
            {%- elif node.unique_id not in made + skipped -%}
                {%- do missing.append(node.alias) -%}
            {%- endif -%}
            {%- if adapter.get_relation(node.database, node.schema, node.alias) -%}
                {%- do public_tables.append(node.alias) -%}
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
            {%- if kept_back %}
                {{ log(
                    "The forecast failed. These public tables are from the last build that "
                    ~ "completed them: " ~ kept_back | sort | join(', ') ~ ". license_utilization "
                    ~ "shows today's seats, and advice only if it is also from today.",
                    info=true
                ) }}
            {%- endif %}
            {{ log(
                "Answers: .venv/bin/python scripts/show_answers.py. Dashboard: make dashboard. "
                ~ "Documentation: make docs.",
                info=true
            ) }}
        {%- elif failed or skipped -%}
            {{ log(
                "The published copy of the public tables is still from the last build without "
                ~ "errors.",
                info=true
            ) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
