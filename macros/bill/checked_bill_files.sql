{#-
    The plugin `bill_files` reads each file in full before the build, so that a damaged file cannot
    stop the build.
-#}
{% macro checked_bill_files() -%}
    {%- set checks = [] -%}
    {%- if execute and target.type == 'duckdb' and flags.WHICH in ('build', 'run') -%}
        {%- set recorded = is_incremental() and has_column(this, 'is_readable') -%}
        {%- set files = run_query(
            "select listed.path, listed.kind from (" ~ listed_bill_files() ~ ") as listed"
            ~ (
                " left join " ~ this ~ " as recorded on listed.file = recorded.file"
                ~ " and listed.size_bytes = recorded.size_bytes"
                ~ " and listed.modified_at = recorded.modified_at where recorded.file is null"
                if recorded else ""
            )
            ~ " order by listed.path"
        ) -%}
        {%- set queries = {} -%}
        {%- for kind, options in [('parquet', ''), ('csv', ', store_rejects = true')] -%}
            {%- do queries.update({
                kind: "select count(*), bit_xor(hash(kiro_lines)) from ("
                ~ kiro_bill_lines([bill_reader(kind, '$path', options)], strictly=true)
                ~ ") as kiro_lines"
            }) -%}
        {%- endfor -%}
        {%- do adapter.store_relation(
            'bill_files', this, [], '', 'duckdb',
            {'files': files.rows, 'queries': queries, 'checks': checks}
        ) -%}
    {%- endif -%}
    {%- for check in checks %}
    select
        '{{ check.path | replace("'", "''") }}' as path,
        {{ check.kiro_lines }} as kiro_lines,
        {{ text_literal(check.problem) }} as problem
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    select
        cast(null as varchar) as path,
        cast(null as bigint) as kiro_lines,
        cast(null as varchar) as problem
    where false
    {%- endfor %}
{%- endmacro %}
