{% macro unread_report_files(report, is_begun=false) -%}
    select
        '{{ reports_dir() | replace("'", "''") }}/' || files.file as path,
        files.size_bytes
    from {{ ref('base_kiro__report_files') }} as files
    where
        files.report = '{{ report }}'
        and files.data_lines > files.forgotten_lines
        {%- if is_begun or is_incremental() %}
        and files.file_id not in (select distinct loaded.file_id from {{ this }} as loaded)
        {%- endif %}
{%- endmacro %}
