with

list_rows as (
    select * from {{ ref('base_lists__rows') }}
    where
        list_kind = 'directory'
        and rejection_reason is null
        and user_id is not null
)

-- A user has a row per group.
select
    user_id,
    max(user_email) as user_email,
    max(user_name) as user_name,
    max(display_name) as display_name
from list_rows
group by user_id
