{#- Recorded files of one report with lines that the table does not hold yet. -#}
{% macro unread_report_files(report) -%}
    select '{{ reports_dir() | replace("'", "''") }}/' || files.file as path
    from {{ ref('base_kiro__report_files') }} as files
    where
        files.report = '{{ report }}'
        and files.data_lines > files.forgotten_lines
        {%- if is_incremental() %}
        and files.file_id not in (select distinct loaded.file_id from {{ this }} as loaded)
        {%- endif %}
{%- endmacro %}
