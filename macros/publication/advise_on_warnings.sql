{#-
    The plugin `private_database` prints them: examples contain names, and dbt writes everything that
    it prints to its log.
-#}
{% macro advise_on_warnings(results) %}
    {%- set tests = [] -%}
    {%- for result in results
        if execute and not flags.QUIET and result.node.resource_type == 'test'
        and result.status in ('warn', 'fail') -%}
        {%- set comment = modules.re.match('(?:\\s*--[^\n]*\n)*', result.node.raw_code).group(0) -%}
        {%- do tests.append({
            'name': result.node.name,
            'about': modules.re.sub('\\s*--\\s*', ' ', comment) | trim,
            'findings': result.node.config.meta.get('findings', 'false'),
        }) -%}
    {%- endfor -%}
    {%- if tests -%}
        {%- do adapter.store_relation(
            'private_database',
            api.Relation.create(database=target.database, schema=target.schema),
            [],
            '',
            'duckdb',
            {'tests': tests}
        ) -%}
    {%- endif -%}
{% endmacro %}
