with

list_rows as (
    select * from {{ ref('base_rosters__rows') }}
    where
        list_kind = 'exemptions'
        and rejection_reason is null
)

select
    -- ids
    file_id,
    line_number,
    {{ outside_name('user_id') }} as user_id,
    unmatched_id,

    -- text
    user_email,
    user_name,
    exemption_reason,

    -- dates
    exempt_until
from list_rows
