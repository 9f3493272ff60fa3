{% macro require_usable_reports() -%}
    {%- set files = ref('int_report_files') -%}
    {%- set rejected_rows = ref('int_current_rejections') -%}
    {%- if execute -%}
        {%- set usable = run_query(
            'select count(*) from ' ~ files ~ ' where is_current'
        ).rows[0][0] -%}
        {%- if usable == 0 -%}
            {%- set first = run_query(
                'select file, rejection_reason from ' ~ rejected_rows
                ~ ' order by file, line_number limit 1'
            ).rows[0] -%}
            {{ exceptions.raise_compiler_error(
                "None of the report rows can be used, so there is nothing to build. The first one: "
                ~ first['file'] ~ ": " ~ first['rejection_reason']
                ~ ". All reasons: select * from stg_kiro__rejected_rows. Fetch the files again with "
                ~ "scripts/sync_reports.py"
            ) }}
        {%- endif -%}
    {%- endif -%}
    select 1
{%- endmacro %}
