with

seat_days as (
    select * from {{ ref('int_seat_days_aggregated') }}
),

account_days as (
    select * from {{ ref('int_account_days_covered') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- The allowance of each tier held in the month: never Overage_Cap, which is no allowance.
tiers as (
    select
        account_id,
        profile_id,
        user_id,
        usage_month,
        subscription_tier,
        coalesce(max(usage_limit), max(plan_allowance_credits)) as allowance_credits,
        max(activity_date) as last_date
    from seat_days
    group by
        account_id,
        profile_id,
        user_id,
        usage_month,
        subscription_tier
),

month_tiers as (
    select
        account_id,
        profile_id,
        user_id,
        usage_month,
        {{ highest_tier('allowance_credits') }} as subscription_tier,
        max_by(subscription_tier, last_date)
        filter (where subscription_tier is not null) as last_subscription_tier,
        max(allowance_credits) as monthly_allowance,
        max_by(allowance_credits, last_date)
        filter (where allowance_credits is not null) as last_allowance
    from tiers
    group by
        account_id,
        profile_id,
        user_id,
        usage_month
),

seat_months as (
    select
        account_id,
        profile_id,
        user_id,
        usage_month,
        cast(sum(credits_used) as decimal(18, 6)) as credits_used,
        cast(sum(overage_credits_used) as decimal(18, 6)) as overage_credits_used,
        max_by(overage_cap, activity_date)
        filter (where overage_cap is not null) as overage_cap,
        max_by(overage_enabled, activity_date)
        filter (where overage_enabled is not null) as overage_enabled,
        max(activity_date) filter (where is_active) as last_active_date,
        max(activity_date) filter (where credits_used > 0) as last_credits_date
    from seat_days
    group by
        account_id,
        profile_id,
        user_id,
        usage_month
),

-- Days of the month after the last one with credits that all expected files arrived for.
silent_days as (
    select
        seat_months.*,
        month_tiers.subscription_tier,
        month_tiers.last_subscription_tier,
        month_tiers.monthly_allowance,
        month_tiers.last_allowance,
        month_ends.complete_days_to_date - last_credits.complete_days_to_date as silent_days
    from seat_months
    inner join month_tiers
        on
            {{ same_seat('seat_months', 'month_tiers') }}
            and seat_months.usage_month = month_tiers.usage_month
    cross join as_of
    inner join account_days as month_ends
        on
            seat_months.account_id = month_ends.account_id
            and least({{ month_end('seat_months.usage_month') }}, as_of.as_of_date)
            = month_ends.activity_date
    left join account_days as last_credits
        on
            seat_months.account_id = last_credits.account_id
            and seat_months.last_credits_date = last_credits.activity_date
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    subscription_tier,
    last_subscription_tier,

    -- numbers
    credits_used,
    overage_credits_used,
    overage_cap,
    monthly_allowance,
    last_allowance,
    case
        when overage_enabled is null or monthly_allowance is null or credits_used is null
            then cast(null as bigint)
        when
            not overage_enabled
            and credits_used >= {{ var('blocked_allowance_share') }} * monthly_allowance
            and silent_days >= {{ var('blocked_minimum_days') }}
            then silent_days
        else 0
    end as days_blocked,

    -- booleans
    overage_enabled,

    -- dates
    usage_month,
    last_active_date
from silent_days
