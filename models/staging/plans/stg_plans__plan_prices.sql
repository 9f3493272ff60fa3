with

plan_prices as (
    select * from {{ ref('plan_prices') }}
),

ranked as (
    select
        subscription_tier,
        {{ tier_key('subscription_tier') }} as tier_key,
        cast(monthly_price_usd as decimal(18, 2)) as monthly_price_usd,
        cast(monthly_allowance_credits as decimal(18, 6)) as monthly_allowance_credits,
        cast(overage_rate_usd as decimal(18, 6)) as overage_rate_usd,
        cast(valid_from as date) as valid_from,
        lead(cast(valid_from as date)) over (
            partition by {{ tier_key('subscription_tier') }}
            order by valid_from
        ) as next_valid_from
    from plan_prices
)

select
    -- text
    subscription_tier,
    tier_key,

    -- numbers
    monthly_price_usd,
    monthly_allowance_credits,
    overage_rate_usd,

    -- dates
    valid_from,
    coalesce(next_valid_from, cast('9999-12-31' as date)) as valid_before
from ranked
