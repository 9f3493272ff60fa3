{{ config(materialized='view') }}

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

-- Days of the month with all expected files after the last day with credits. A person
-- who uses credits with overage off after a day that ended beyond the allowance has other credits.
silent_days as (
    select
        seat_months.*,
        coalesce(
            not seat_months.last_day_overage_enabled
            and seat_months.credits_used - seat_months.last_day_credits
            >= seat_months.monthly_allowance,
            false
        ) as has_other_credits,
        month_ends.complete_days_to_date - last_credits.complete_days_to_date as silent_days
    from seat_months
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
    lowest_allowance,
    last_allowance,
    case
        when overage_enabled is null or monthly_allowance is null or credits_used is null
            then cast(null as bigint)
        when
            not overage_enabled
            and not has_other_credits
            and credits_used
            >= {{ product('monthly_allowance', var('blocked_allowance_share')) }}
            and silent_days >= {{ var('blocked_minimum_days') }}
            then silent_days
        else 0
    end as days_blocked,

    -- booleans
    overage_enabled,
    has_other_credits,

    -- dates
    usage_month,
    last_active_date
from silent_days
