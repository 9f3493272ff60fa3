{#- The first of the unread files of one report: as many as hold `load_batch_megabytes`. -#}
{% macro next_report_files(report, is_begun=false) -%}
    select measured.path
    from (
        select
            unread.path,
            sum(unread.size_bytes) over (order by unread.path) - unread.size_bytes as bytes_before
        from ({{ unread_report_files(report, is_begun) }}) as unread
    ) as measured
    where measured.bytes_before < {{ var('load_batch_megabytes') }} * 1e6
{%- endmacro %}
