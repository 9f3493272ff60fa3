with

month_states as (
    select * from {{ ref('int_seat_month_states') }}
)

select
    -- ids
    account_id,

    -- text
    subscription_tier,
    seat_state,

    -- numbers
    count(*) as seats,
    cast(sum(monthly_price_usd) as decimal(18, 2)) as subscription_cost_usd,

    -- dates
    usage_month
from month_states
group by
    account_id,
    subscription_tier,
    seat_state,
    usage_month
