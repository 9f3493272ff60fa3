{% macro forget_vanished_files(report) -%}
    {%- set files = ref('base_kiro__report_files') -%}
    {%- if execute and run_query(unread_report_files(report) ~ ' limit 1') | length -%}
        {%- set vanished -%}
            select unread.path
            from ({{ unread_report_files(report) }}) as unread
            where unread.path not in (
                select mirrored.path from ({{ mirrored_files() }}) as mirrored
            )
        {%- endset -%}
        {%- set paths = run_query(vanished ~ ' order by 1').columns[0].values() -%}
        {%- if paths -%}
            {{ exceptions.warn(
                "Report files that vanished before they were read: " ~ paths | length
                ~ ". They will be loaded if they come back. The first: " ~ paths[0]
            ) }}
            delete from {{ files }}
            where '{{ reports_dir() | replace("'", "''") }}/' || file in ({{ vanished }})
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
