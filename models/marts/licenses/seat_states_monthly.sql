with

counted as (
    select * from {{ ref('int_seat_states_counted') }}
)

select
    -- ids
    account_id,

    -- text
    subscription_tier,
    seat_state,

    -- numbers
    seats,
    subscription_cost_usd,

    -- dates
    usage_month
from counted
