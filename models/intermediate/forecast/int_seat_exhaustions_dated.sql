with

seat_months as (
    select * from {{ ref('int_seat_months') }}
    where is_current_month
),

days as (
    select * from {{ ref('int_forecast_days') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

seat_days as (
    select
        seat_days.account_id,
        seat_days.profile_id,
        seat_days.user_id,
        seat_days.activity_date,
        sum(seat_days.credits_used) over (
            partition by seat_days.account_id, seat_days.profile_id, seat_days.user_id
            order by seat_days.activity_date
            rows between unbounded preceding and current row
        ) as credits_used_to_date
    from {{ ref('int_seat_days_aggregated') }} as seat_days
    inner join as_of
        on seat_days.usage_month = as_of.month_start_date
),

seat_origins as (
    select * from {{ ref('int_seat_origins_expected') }}
    where is_current
),

forecasts as (
    select * from {{ ref('int_seat_forecasts') }}
),

reached as (
    select
        seat_months.account_id,
        seat_months.profile_id,
        seat_months.user_id,
        min(seat_days.activity_date) as exhaustion_date
    from seat_months
    inner join seat_days
        on {{ same_seat('seat_months', 'seat_days') }}
    where
        seat_days.credits_used_to_date >= seat_months.breach_credits
        and seat_days.credits_used_to_date > 0
    group by
        seat_months.account_id,
        seat_months.profile_id,
        seat_months.user_id
),

-- Seats that will still reach the allowance, according to the median forecast.
heading as (
    select
        seat_origins.*,
        (forecasts.demand_p50_credits - seat_origins.credits_to_date)
        / seat_origins.expected_unseen_credits as median_ratio
    from seat_origins
    inner join forecasts
        on
            {{ same_seat('seat_origins', 'forecasts') }}
            and seat_origins.origin_day = forecasts.origin_day
            and seat_origins.usage_month = forecasts.usage_month
    where
        seat_origins.credits_to_date < seat_origins.breach_credits
        and forecasts.demand_p50_credits >= seat_origins.breach_credits
),

-- The month's unobserved days come first, then future days, each with its expected credits.
ahead as (
    select
        heading.account_id,
        heading.profile_id,
        heading.user_id,
        min(days.activity_date) as exhaustion_date
    from heading
    inner join days as origin_days
        on heading.origin_date = origin_days.activity_date
    inner join days
        on
            heading.usage_month = days.usage_month
            and heading.origin_date < days.activity_date
    where
        heading.credits_to_date
        + heading.median_ratio * (
            heading.expected_unseen_credits
            - heading.expected_later_credits
            + heading.weekday_credits * (days.weekdays_to_date - origin_days.weekdays_to_date)
            + heading.weekend_day_credits
            * (days.weekend_days_to_date - origin_days.weekend_days_to_date)
        ) >= heading.breach_credits - 0.000001
    group by
        heading.account_id,
        heading.profile_id,
        heading.user_id
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- dates
    exhaustion_date
from reached
union all
select
    account_id,
    profile_id,
    user_id,
    exhaustion_date
from ahead
