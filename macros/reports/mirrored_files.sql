{% macro mirrored_files() -%}
    select
        listed.*,
        listed.path_parts['report'] <> ''
        and (listed.path_parts['report'] = 'user_report') = (listed.path_parts['client_type'] <> '')
            as is_report
    from (
        select
            mirror.filename as path,
            substr(mirror.filename, {{ reports_dir() | length + 2 }}) as file,
            mirror.size as size_bytes,
            mirror.last_modified at time zone 'UTC' as modified_at,
            {{ report_path_parts('mirror.filename') }} as path_parts
        from {{ source('kiro', 'report_files') }} as mirror
    ) as listed
{%- endmacro %}
