with

seat_months as (
    select
        *,
        -- With overage off the last hundredth of the allowance buys no more work.
        case when overage_enabled = false then {{ var('blocked_allowance_share') }} else 1 end
        * monthly_allowance as breach_credits
    from {{ ref('int_seat_months_spined') }}
    where is_current_month
),

seat_days as (
    select * from {{ ref('int_seat_days_aggregated') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

breaches as (
    select
        seat_months.account_id,
        seat_months.profile_id,
        seat_months.user_id,
        min(seat_days.activity_date) as breach_date
    from seat_months
    inner join seat_days
        on
            seat_months.account_id = seat_days.account_id
            and seat_months.profile_id = seat_days.profile_id
            and seat_months.user_id = seat_days.user_id
            and seat_months.usage_month = seat_days.usage_month
    where seat_days.credits_used_to_date >= seat_months.breach_credits
    group by
        seat_months.account_id,
        seat_months.profile_id,
        seat_months.user_id
),

paced as (
    select
        seat_months.*,
        as_of.as_of_date,
        as_of.month_end_date,
        breaches.breach_date,
        -- Days not delivered are unknown, not idle: the pace is that of the delivered days.
        case
            when seat_months.delivered_days >= {{ var('pace_minimum_days') }}
                then seat_months.credits_used / seat_months.delivered_days
        end as daily_pace_credits,
        {{ days_between('as_of.month_start_date', 'as_of.month_end_date') }} + 1 as month_days
    from seat_months
    cross join as_of
    left join breaches
        on
            seat_months.account_id = breaches.account_id
            and seat_months.profile_id = breaches.profile_id
            and seat_months.user_id = breaches.user_id
),

projected as (
    select
        *,
        daily_pace_credits * month_days as linear_pace_credits,
        daily_pace_credits * month_days / nullif(monthly_allowance, 0) as pace_ratio,
        case
            when breach_date is not null then breach_date
            when daily_pace_credits > 0
                then {{ add_days(
                    'as_of_date',
                    'least(ceil((monthly_allowance - credits_used) / daily_pace_credits), 31)'
                ) }}
        end as pace_exhaustion_date
    from paced
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    subscription_tier,
    case
        when overage_enabled then 'cost'
        when not overage_enabled then 'blocked'
    end as risk_kind,
    case
        when credits_used > monthly_allowance then 'breached'
        when not overage_enabled and credits_used >= breach_credits then 'breached'
        when monthly_allowance is null then 'unknown_allowance'
        when pace_ratio is null then 'insufficient_history'
        when pace_ratio >= {{ var('pace_high_ratio') }} then 'high'
        when pace_ratio >= {{ var('pace_likely_ratio') }} then 'likely'
        when pace_ratio >= {{ var('pace_watch_ratio') }} then 'watch'
        else 'low'
    end as risk_band,

    -- numbers
    credits_used as credits_used_month,
    monthly_allowance,
    overage_cap,
    cast(delivered_days as integer) as delivered_days_month,
    cast(round(linear_pace_credits, 6) as decimal(18, 6)) as linear_pace_credits,

    -- booleans
    overage_enabled,

    -- dates
    as_of_date,
    usage_month,
    case when pace_exhaustion_date <= month_end_date then pace_exhaustion_date end
        as exhaustion_date
from projected
