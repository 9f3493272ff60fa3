with

files as (
    select * from {{ ref('base_rosters__files') }}
)

select
    -- ids
    file_id,
    account_id,

    -- text
    file,
    list_kind,
    unknown_columns,
    unreadable_reason,

    -- dates
    list_date
from files
-- Only the newest list of teams; older lists were reported when they were new.
where holds_until is null
