with

seat_months as (
    select * from {{ ref('int_seat_months_aggregated') }}
),

account_days as (
    select * from {{ ref('int_account_days_covered') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

account_months as (
    select
        account_id,
        {{ month_start('activity_date') }} as usage_month,
        count(*) filter (where is_delivered) as delivered_days,
        count(*) filter (where is_covered) as covered_days,
        max(activity_date) as month_last_date
    from account_days
    group by
        account_id,
        {{ month_start('activity_date') }}
),

-- A seat keeps the tier it ended a month with until the report names it again.
tenures as (
    select
        *,
        max(last_active_date) over (
            partition by account_id, profile_id, user_id
            order by usage_month
            rows between unbounded preceding and current row
        ) as last_active_to_date,
        lead(usage_month) over (
            partition by account_id, profile_id, user_id
            order by usage_month
        ) as next_usage_month
    from seat_months
),

spined as (
    select
        tenures.account_id,
        tenures.profile_id,
        tenures.user_id,
        account_months.usage_month,
        account_months.month_last_date,
        account_months.delivered_days,
        account_months.covered_days,
        tenures.usage_month = account_months.usage_month as is_reported,
        tenures.last_active_to_date,
        case
            when tenures.usage_month = account_months.usage_month then tenures.subscription_tier
            else tenures.last_subscription_tier
        end as subscription_tier,
        case
            when tenures.usage_month = account_months.usage_month then tenures.monthly_allowance
            else tenures.last_allowance
        end as monthly_allowance,
        case
            when tenures.usage_month = account_months.usage_month then tenures.credits_used
            when account_months.delivered_days > 0 then 0
        end as credits_used,
        case
            when tenures.usage_month = account_months.usage_month
                then tenures.overage_credits_used
            when account_months.delivered_days > 0 then 0
        end as overage_credits_used,
        case
            when tenures.usage_month = account_months.usage_month then tenures.days_blocked
            when account_months.delivered_days > 0 then 0
        end as days_blocked,
        tenures.overage_cap,
        tenures.overage_enabled
    from tenures
    inner join account_months
        on
            tenures.account_id = account_months.account_id
            and tenures.usage_month <= account_months.usage_month
            and (
                tenures.next_usage_month is null
                or tenures.next_usage_month > account_months.usage_month
            )
)

select
    -- ids
    spined.account_id,
    spined.profile_id,
    spined.user_id,

    -- text
    spined.subscription_tier,

    -- numbers
    cast(spined.credits_used as decimal(18, 6)) as credits_used,
    cast(spined.overage_credits_used as decimal(18, 6)) as overage_credits_used,
    spined.overage_cap,
    spined.monthly_allowance,
    -- With overage off the last hundredth of the allowance buys no more work.
    cast(
        case
            when spined.overage_enabled = false then {{ var('blocked_allowance_share') }} else 1
        end
        * spined.monthly_allowance as decimal(18, 6)
    ) as breach_credits,
    cast(
        case
            when spined.overage_enabled then spined.monthly_allowance + spined.overage_cap
            when not spined.overage_enabled then spined.monthly_allowance
        end as decimal(18, 6)
    ) as limit_credits,
    cast(spined.days_blocked as bigint) as days_blocked,
    spined.delivered_days,
    spined.covered_days,
    plan_prices.monthly_price_usd,
    plan_prices.overage_rate_usd,
    cast(
        case
            when spined.overage_credits_used = 0 then 0
            else spined.overage_credits_used * plan_prices.overage_rate_usd
        end
        as decimal(18, 6)
    ) as overage_cost_usd,

    -- booleans
    spined.is_reported,
    spined.overage_enabled,
    case
        when spined.delivered_days > 0
            then coalesce(
                spined.last_active_to_date >= {{ add_days('spined.month_last_date', -29) }}, false
            )
    end as is_active_30,
    coalesce(spined.days_blocked >= {{ var('blocked_minimum_days') }}, false) as is_blocked,
    spined.usage_month = as_of.month_start_date as is_current_month,

    -- dates
    spined.usage_month,
    spined.month_last_date
from spined
cross join as_of
left join plan_prices
    on {{ plan_holds('spined.subscription_tier', 'spined.month_last_date') }}
