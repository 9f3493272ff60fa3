{% macro delete_vanished_days() -%}
    {%- set files = ref('int_report_files') -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where not exists (
            select 1
            from {{ files }} as files
            where
                files.is_current
                and files.report = {{ this.identifier }}.report
                and files.activity_date = {{ this.identifier }}.activity_date
        )
    {%- endif -%}
{%- endmacro %}
