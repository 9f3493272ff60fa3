{#-
    Every CSV file in the mirror: path, the same below the mirror (`file`), size, modification time
    in UTC, and whether it is named like a report. Lists folders; reads no file.
-#}
{% macro mirrored_files() -%}
    select
        mirror.filename as path,
        substr(mirror.filename, {{ reports_dir() | length + 2 }}) as file,
        mirror.size as size_bytes,
        mirror.last_modified at time zone 'UTC' as modified_at,
        regexp_matches(mirror.filename, '{{ report_file_pattern() }}') as is_report
    from {{ source('kiro', 'report_files') }} as mirror
{%- endmacro %}
