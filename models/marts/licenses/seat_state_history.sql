with

month_states as (
    select * from {{ ref('int_seat_month_states') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
)

select
    -- ids
    month_states.account_id,
    month_states.profile_id,
    month_states.user_id,

    -- text
    month_states.subscription_tier,
    month_states.seat_state,

    -- dates
    month_states.usage_month
from month_states
cross join as_of
-- This month and the twelve before it.
where month_states.usage_month >= {{ month_start(add_days('as_of.month_start_date', -360)) }}
