with

list_rows as (
    select * from {{ ref('base_rosters__rows') }}
    where
        list_kind = 'teams'
        and rejection_reason is null
),

files as (
    select * from {{ ref('base_rosters__files') }}
)

select
    -- ids
    list_rows.file_id,
    list_rows.line_number,
    {{ outside_name('list_rows.user_id') }} as user_id,
    list_rows.unmatched_id,

    -- text
    files.file,
    list_rows.user_email,
    list_rows.user_name,
    {{ outside_name('list_rows.team') }} as team,
    {{ outside_name('list_rows.cost_center') }} as cost_center,

    -- dates
    files.list_date,
    files.holds_from,
    files.holds_until
from list_rows
inner join files
    on list_rows.file_id = files.file_id
