with

seat_months as (
    select * from {{ ref('int_seat_months') }}
    where is_reported
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    subscription_tier,

    -- numbers
    credits_used,
    overage_credits_used,
    monthly_allowance,
    overage_cap,
    overage_cost_usd,
    cast(days_blocked as integer) as days_blocked,

    -- booleans
    overage_enabled,

    -- dates
    usage_month
from seat_months
