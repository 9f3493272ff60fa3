{#- Base tables of reports and bills stay, because they may have lines from deleted files. -#}
{% macro drop_former_tables() %}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set present = graph.nodes.values() | map(attribute='alias') | list -%}
        {%- set held = run_query(
            "select table_name from information_schema.tables"
            ~ " where table_catalog = current_database()"
            ~ " and table_schema = " ~ text_literal(target.schema)
            ~ " and regexp_matches(table_name, '^(stg|int|base_lists)_')"
        ).columns[0].values() -%}
        {%- set former = [] -%}
        {%- for name in held
            if modules.re.sub('__dbt_(tmp|backup)$', '', name) not in present -%}
            {%- do adapter.drop_relation(
                adapter.get_relation(target.database, target.schema, name)
            ) -%}
            {%- do former.append(name) -%}
        {%- endfor -%}
        {%- if former -%}
            {{ log(
                "Dropped tables of former models: " ~ former | sort | join(', ') ~ ".",
                info=true
            ) }}
            {{ request_erasure() }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
