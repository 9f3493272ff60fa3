with

files as (
    select * from {{ ref('base_bill__files') }}
)

select
    -- text
    unreadable.file,
    unreadable.problem,

    -- booleans
    readable.file is not null as is_replaced,

    -- dates
    unreadable.folder_month as usage_month
from files as unreadable
left join files as readable
    on
        unreadable.file = readable.file
        and readable.is_readable
where not unreadable.is_readable
