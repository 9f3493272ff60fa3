{{ config(materialized='view') }}

with

seat_months as (
    select * from {{ ref('int_seat_months') }}
    where is_current_month
),

seat_origins as (
    select * from {{ ref('int_seat_origins_expected') }}
    where is_current
),

forecasts as (
    select * from {{ ref('int_seat_forecasts') }}
    where is_current
),

outcomes as (
    select * from {{ ref('int_forecast_outcomes') }}
),

month_errors as (
    select * from {{ ref('int_forecast_month_errors') }}
),

days as (
    select days.*
    from {{ ref('int_forecast_days') }} as days
    inner join {{ ref('int_as_of_date') }} as as_of
        on days.usage_month = as_of.month_start_date
),

-- Seats that may still incur overage. For all other seats, the month's cost no longer changes.
growing_seats as (
    select
        seat_origins.*,
        seat_months.overage_credits_used,
        seat_months.overage_rate_usd
    from seat_origins
    inner join forecasts
        on {{ same_seat('seat_origins', 'forecasts') }}
    inner join seat_months
        on {{ same_seat('seat_origins', 'seat_months') }}
    where forecasts.high_overage_mean_credits > 0
),

-- The seat's equally likely month-end totals, scaled to each day ahead.
seat_paths as (
    select
        growing_seats.*,
        days.activity_date,
        outcomes.ratio,
        outcomes.ratio * (1 + month_errors.month_error) as high_ratio,
        growing_seats.expected_unseen_credits - growing_seats.expected_later_credits
        + growing_seats.weekday_credits * (days.weekdays_to_date - origin_days.weekdays_to_date)
        + growing_seats.weekend_day_credits
        * (days.weekend_days_to_date - origin_days.weekend_days_to_date) as expected_credits
    from growing_seats
    inner join month_errors
        on
            growing_seats.origin_day = month_errors.origin_day
            and growing_seats.usage_month = month_errors.usage_month
    inner join days as origin_days
        on growing_seats.origin_date = origin_days.activity_date
    inner join days
        on growing_seats.origin_date < days.activity_date
    inner join outcomes
        on {{ same_peers('growing_seats', 'outcomes') }}
),

overage_paths as (
    select
        *,
        {%- for scenario in ['', 'high_'] %}
            -- Capped like the forecast.
            cast(
                greatest(
                    least(
                        credits_to_date + expected_credits * {{ scenario }}ratio,
                        limit_credits,
                        1e11
                    ) - monthly_allowance,
                    0
                ) as decimal(18, 6)
            ) as {{ scenario }}overage_credits
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from seat_paths
),

seat_ends as (
    select
        account_id,
        profile_id,
        user_id,
        activity_date,
        overage_rate_usd,
        -- Overage charged so far remains charged.
        greatest({{ mean('overage_credits') }}, coalesce(overage_credits_used, 0))
            as overage_credits,
        {{ mean('high_overage_credits') }} as high_overage_credits,
        round(stddev_pop(overage_credits), 6) as deviation_credits
    from overage_paths
    group by
        account_id,
        profile_id,
        user_id,
        activity_date,
        overage_credits_used,
        overage_rate_usd
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- numbers
    {{ product('overage_credits', 'overage_rate_usd') }} as expected_overage_usd,
    {{ product('high_overage_credits', 'overage_rate_usd') }} as high_overage_usd,
    deviation_credits * overage_rate_usd as deviation_usd,

    -- dates
    activity_date
from seat_ends
