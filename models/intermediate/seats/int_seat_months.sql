with

held_months as (
    select * from {{ ref('int_seat_months_held') }}
),

account_days as (
    select * from {{ ref('int_account_days_covered') }}
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

account_months as (
    select
        account_id,
        {{ month_start('activity_date') }} as usage_month,
        count(*) filter (where is_delivered) as delivered_days,
        count(*) filter (where is_covered) as covered_days
    from account_days
    group by
        account_id,
        {{ month_start('activity_date') }}
),

spined as (
    select
        held_months.*,
        coalesce(account_months.delivered_days, 0) as delivered_days,
        coalesce(account_months.covered_days, 0) as covered_days,
        coalesce(
            case when held_months.is_reported then held_months.reported_tier end,
            held_months.billed_tier,
            held_months.last_subscription_tier,
            held_months.present_tier
        ) as subscription_tier
    from held_months
    left join account_months
        on
            held_months.account_id = account_months.account_id
            and held_months.usage_month = account_months.usage_month
    where
        held_months.is_reported
        or (
            coalesce(held_months.is_billed, true)
            and not held_months.is_profile_unknown
        )
),

used as (
    select
        spined.*,
        plan_prices.monthly_price_usd,
        plan_prices.overage_rate_usd,
        case
            when spined.is_reported and spined.monthly_allowance is not null
                then spined.monthly_allowance
            when spined.subscription_tier = spined.last_subscription_tier
                then spined.last_allowance
            else plan_prices.monthly_allowance_credits
        end as allowance_credits,
        -- Other credits from the previous month may still be left.
        spined.has_other_credits
        or coalesce(
            not spined.overage_enabled
            and lag(spined.has_other_credits) over (
                partition by spined.account_id, spined.profile_id, spined.user_id
                order by spined.usage_month
            ),
            false
        ) as may_have_other_credits,
        {%- for measure in ['credits_used', 'overage_credits_used', 'days_blocked'] %}
            case
                when spined.is_reported then spined.{{ measure }}
                when spined.delivered_days > 0 then 0
            end as month_{{ measure }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from spined
    left join plan_prices
        on {{ plan_holds('spined.subscription_tier', 'spined.month_last_date') }}
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    subscription_tier,

    -- numbers
    cast(month_credits_used as decimal(18, 6)) as credits_used,
    cast(month_overage_credits_used as decimal(18, 6)) as overage_credits_used,
    overage_cap,
    cast(allowance_credits as decimal(18, 6)) as monthly_allowance,
    case when is_reported then lowest_allowance end as lowest_allowance,
    -- With overage off, the last 1 % of the allowance is not enough for more work. With overage on,
    -- the first hundredth of a credit beyond the allowance costs money.
    cast(
        case
            when overage_enabled = false
                then {{ product('allowance_credits', var('blocked_allowance_share')) }}
            else allowance_credits + 0.005
        end as decimal(18, 6)
    ) as breach_credits,
    cast(
        case
            when may_have_other_credits then cast(null as decimal(18, 6))
            when overage_enabled then allowance_credits + overage_cap
            when not overage_enabled then allowance_credits
        end as decimal(18, 6)
    ) as limit_credits,
    cast(month_days_blocked as bigint) as days_blocked,
    delivered_days,
    covered_days,
    monthly_price_usd,
    overage_rate_usd,
    cast(
        case
            when month_overage_credits_used = 0 then 0
            else {{ product('month_overage_credits_used', 'overage_rate_usd') }}
        end
        as decimal(18, 6)
    ) as overage_cost_usd,

    -- booleans
    is_reported,
    tenure_month is not null as is_observed,
    is_billed,
    overage_enabled,
    has_other_credits,
    may_have_other_credits,
    case
        when delivered_days > 0
            then coalesce(last_active_to_date >= {{ add_days('month_last_date', -29) }}, false)
    end as is_active_30,
    coalesce(month_days_blocked >= {{ var('blocked_minimum_days') }}, false) as is_blocked,
    is_current_month,

    -- dates
    usage_month,
    month_last_date,
    last_active_to_date
from used
