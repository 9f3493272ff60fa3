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
-- Of lists of teams the newest: the others were reported when they were.
where holds_until is null
