with

seats as (
    select * from {{ ref('int_seat_states') }}
),

seat_months as (
    select * from {{ ref('int_seat_months') }}
),

reported_months as (
    select * from {{ ref('int_seat_months_aggregated') }}
),

closed_months as (
    select
        seat_months.*,
        row_number() over (
            partition by seat_months.account_id, seat_months.profile_id, seat_months.user_id
            order by seat_months.usage_month desc
        ) as months_ago
    from seat_months
    where seat_months.month_last_date = {{ month_end('seat_months.usage_month') }}
),

-- Months in which the seat existed from the first day and nearly every expected file arrived.
full_months as (
    select
        closed_months.*,
        closed_months.days_blocked >= {{ var('blocked_minimum_days') }} as was_blocked
    from closed_months
    inner join seats
        on
            {{ same_seat('closed_months', 'seats') }}
            and closed_months.usage_month >= seats.first_seen_date
    where
        closed_months.months_ago <= 3
        and closed_months.credits_used is not null
        and closed_months.covered_days >= {{ var('reclaim_minimum_coverage') }} * (
            {{ days_between('closed_months.usage_month', 'closed_months.month_last_date') }} + 1
        )
),

active_days as (
    select
        full_months.account_id,
        full_months.profile_id,
        full_months.user_id,
        sum(reported_months.active_days) as active_days
    from full_months
    inner join reported_months
        on
            {{ same_seat('full_months', 'reported_months') }}
            and full_months.usage_month = reported_months.usage_month
    group by
        full_months.account_id,
        full_months.profile_id,
        full_months.user_id
),

summarized as (
    select
        account_id,
        profile_id,
        user_id,
        count(*) as full_months,
        count(*) filter (where was_blocked) as blocked_months,
        max(case when months_ago = 1 then credits_used end) as last_month_credits,
        max(case when months_ago = 1 then overage_cost_usd end) as last_month_overage_usd,
        max(credits_used) as highest_month_credits
    from full_months
    group by
        account_id,
        profile_id,
        user_id
)

select
    -- ids
    summarized.account_id,
    summarized.profile_id,
    summarized.user_id,

    -- numbers
    summarized.full_months,
    summarized.blocked_months,
    coalesce(active_days.active_days, 0) as active_days,
    summarized.last_month_credits,
    summarized.last_month_overage_usd,
    summarized.highest_month_credits
from summarized
left join active_days
    on {{ same_seat('summarized', 'active_days') }}
