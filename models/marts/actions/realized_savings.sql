with

recommendations as (
    select * from {{ ref('recommendation_log') }}
    where action in ('reclaim', 'downgrade', 'upgrade', 'enable_overage')
),

seat_months as (
    select * from {{ ref('int_seat_months_spined') }}
    where month_last_date = {{ month_end('usage_month') }}
),

cancelled_seats as (
    select * from {{ ref('int_seats_held') }}
    where is_cancelled
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

-- Advice that is repeated every month counts from its first day.
first_given as (
    select
        account_id,
        profile_id,
        user_id,
        action,
        subscription_tier,
        recommended_tier,
        min(advised_date) as advised_date
    from recommendations
    group by
        account_id,
        profile_id,
        user_id,
        action,
        subscription_tier,
        recommended_tier
),

closed_months as (
    select distinct
        usage_month,
        month_last_date
    from seat_months
),

-- A seat that was given back has no later months of its own.
later_months as (
    select
        first_given.*,
        closed_months.usage_month,
        closed_months.month_last_date,
        seat_months.subscription_tier as held_tier,
        seat_months.credits_used,
        seat_months.overage_enabled,
        case
            when seat_months.user_id is null then 0
            else seat_months.monthly_price_usd + seat_months.overage_cost_usd
        end as cost_usd,
        seat_months.is_blocked,
        case
            when first_given.action in ('downgrade', 'upgrade')
                then
                    {{ tier_key('seat_months.subscription_tier') }}
                    = {{ tier_key('first_given.recommended_tier') }}
            when first_given.action = 'enable_overage' then seat_months.overage_enabled
            when seat_months.user_id is null then true
            when seat_months.is_billed then false
        end as is_followed
    from first_given
    inner join closed_months
        on first_given.advised_date < closed_months.usage_month
    left join seat_months
        on
            {{ same_seat('first_given', 'seat_months') }}
            and closed_months.usage_month = seat_months.usage_month
    left join cancelled_seats
        on {{ same_seat('first_given', 'cancelled_seats') }}
    where
        seat_months.user_id is not null
        or (
            first_given.action = 'reclaim'
            and closed_months.usage_month > cancelled_seats.last_held_month
        )
),

-- With overage off the tier before would have cost its price, and stopped at its allowance.
compared as (
    select
        later_months.*,
        case
            when later_months.overage_enabled
                then {{ tier_cost_usd('plan_prices', 'later_months.credits_used') }}
            else plan_prices.monthly_price_usd
        end as cost_without_usd
    from later_months
    left join plan_prices
        on {{ plan_holds('later_months.subscription_tier', 'later_months.month_last_date') }}
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    action,
    subscription_tier,
    recommended_tier,
    held_tier,

    -- numbers
    credits_used,
    cast(cost_without_usd as decimal(18, 2)) as cost_without_usd,
    cast(cost_usd as decimal(18, 2)) as cost_usd,
    cast(
        case
            when is_followed and action in ('reclaim', 'downgrade', 'upgrade')
                then cost_without_usd - cost_usd
            when not is_followed then 0
        end as decimal(18, 2)
    ) as realized_savings_usd,

    -- booleans
    is_followed,
    case
        when action = 'reclaim' then credits_used > 0
        when action = 'downgrade' and is_followed
            then is_blocked or cost_usd > cost_without_usd
        when action = 'upgrade' and is_followed
            then credits_used <= 0 or (overage_enabled and cost_usd > cost_without_usd)
    end as is_regretted,

    -- dates
    advised_date,
    usage_month
from compared
