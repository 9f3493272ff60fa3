with

list_rows as (
    select * from {{ ref('base_rosters__rows') }}
),

files as (
    select * from {{ ref('base_rosters__files') }}
)

select
    -- ids
    list_rows.file_id,
    list_rows.line_number,
    files.account_id,

    -- text
    files.file,
    files.list_kind,
    list_rows.rejection_reason
from list_rows
inner join files
    on list_rows.file_id = files.file_id
where
    list_rows.rejection_reason is not null
    and files.holds_until is null
