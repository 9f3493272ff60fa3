-- Each line after a header is one row in the base table, used or rejected, or was forgotten.
-- If not, a file was replaced while it was being read: run .venv/bin/dbt build again.
with

files as (
    select * from {{ ref('base_kiro__report_files') }}
),

report_rows as (
    select file_id from {{ ref('base_kiro__user_report_rows') }}
    union all
    select file_id from {{ ref('base_kiro__legacy_report_rows') }}
),

held as (
    select
        file_id,
        count(*) as held_lines
    from report_rows
    group by file_id
)

select
    files.file,
    files.data_lines,
    files.forgotten_lines,
    held.held_lines
from files
full outer join held
    on files.file_id = held.file_id
where
    files.file_id is null
    or files.data_lines <> coalesce(held.held_lines, 0) + files.forgotten_lines
