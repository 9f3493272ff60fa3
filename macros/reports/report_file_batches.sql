{% macro report_file_batches(report, is_begun=false) -%}
    select
        measured.path,
        cast(floor(measured.bytes_before / ({{ var('load_batch_megabytes') }} * 1e6)) as integer)
            as batch
    from (
        select
            unread.path,
            sum(unread.size_bytes) over (order by unread.path) - unread.size_bytes as bytes_before
        from ({{ unread_report_files(report, is_begun) }}) as unread
    ) as measured
{%- endmacro %}
