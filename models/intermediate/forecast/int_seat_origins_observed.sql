{%- set half_lives = var('forecast_half_lives_days') -%}

with

-- If a month's reports have no credits, the credits are unknown.
seat_months as (
    select * from {{ ref('int_seat_months') }}
    where not (is_reported and credits_used is null)
),

seats as (
    select * from {{ ref('int_forecast_seats') }}
),

origins as (
    select * from {{ ref('int_forecast_origins') }}
),

account_days as (
    select * from {{ ref('int_forecast_account_days') }}
),

sums as (
    select * from {{ ref('int_seat_origin_credits') }}
),

-- Every seat today and at the end of each month, and a sample of seats at past origins.
seat_origins as (
    select
        seats.seat_number,
        seat_months.account_id,
        seat_months.profile_id,
        seat_months.user_id,
        seat_months.subscription_tier,
        seat_months.monthly_allowance,
        seat_months.overage_cap,
        seat_months.overage_enabled,
        seat_months.breach_credits,
        seat_months.limit_credits,
        origins.origin_day,
        origins.usage_month,
        origins.origin_date,
        origins.weekdays,
        origins.weekend_days,
        origins.weekdays_after,
        origins.weekend_days_after,
        origins.is_current_day,
        origins.is_current,
        origins.is_month_end,
        origins.is_forecast and (origins.is_current or seats.is_sampled) as is_forecast,
        origins.is_closed_month
        and seat_months.delivered_days
        >= {{ var('window_minimum_coverage') }}
        * ({{ days_between('origins.usage_month', 'origins.month_end_date') }} + 1)
            as is_known_month,
        seats.is_sampled,
        {{ add_days('seats.first_seen_date', -1) }} as day_before_seat
    from seat_months
    inner join seats
        on {{ same_seat('seat_months', 'seats') }}
    inner join origins
        on
            seat_months.usage_month = origins.usage_month
            and seats.first_seen_date <= origins.origin_date
            and (origins.is_current or origins.is_month_end or seats.is_sampled)
),

summed as (
    select
        seat_origins.*,
        coalesce(sums.credits_to_date, 0) as credits_to_date,
        coalesce(sums.active_days, 0) as active_days,
        {%- for kind in ['weekday', 'weekend_day'] %}
            {%- for half_life in half_lives %}
                coalesce(sums.{{ kind }}_credits_{{ half_life }}, 0)
                    as {{ kind }}_credits_{{ half_life }},
            {%- endfor %}
        {%- endfor %}
        sums.last_credits_date,
        -- A seat far above its limit must have other credits, so the limit does not stop it.
        coalesce(
            sums.credits_to_date
            between {{ product('seat_origins.limit_credits', var('blocked_allowance_share')) }}
            and {{ product('seat_origins.limit_credits', var('forecast_limit_overshoot')) }},
            false
        ) as is_censored
    from seat_origins
    left join sums
        on
            seat_origins.seat_number = sums.seat_number
            and seat_origins.origin_day = sums.origin_day
            and seat_origins.usage_month = sums.usage_month
)

-- Demand is observed up to the day on which the limit was reached; later days are as unknown as the
-- future.
select
    -- ids
    summed.account_id,
    summed.profile_id,
    summed.user_id,

    -- text
    summed.subscription_tier,

    -- numbers
    summed.seat_number,
    summed.origin_day,
    summed.monthly_allowance,
    summed.overage_cap,
    summed.breach_credits,
    summed.limit_credits,
    summed.credits_to_date,
    summed.active_days,
    {%- for kind in ['weekday', 'weekend_day'] %}
        {%- for half_life in half_lives %}
            summed.{{ kind }}_credits_{{ half_life }},
            seen.delivered_{{ kind }}_weight_{{ half_life }}_to_date
            - coalesce(before_seat.delivered_{{ kind }}_weight_{{ half_life }}_to_date, 0)
                as {{ kind }}_weight_{{ half_life }},
        {%- endfor %}
        seen.delivered_{{ kind }}s_to_date
        - coalesce(before_seat.delivered_{{ kind }}s_to_date, 0) as observed_{{ kind }}s,
        summed.{{ kind }}s
        - coalesce(before_seat.{{ kind }}s_to_date, 0)
        - seen.delivered_{{ kind }}s_to_date
        + coalesce(before_seat.delivered_{{ kind }}s_to_date, 0) as unseen_{{ kind }}s,
        summed.{{ kind }}s_after,
    {%- endfor %}

    -- booleans
    summed.overage_enabled,
    summed.is_censored,
    summed.is_sampled,
    summed.is_forecast,
    summed.is_month_end,
    summed.is_current_day,
    summed.is_current,
    summed.is_known_month,

    -- dates
    summed.usage_month,
    summed.origin_date,
    summed.last_credits_date
from summed
inner join account_days as seen
    on
        summed.account_id = seen.account_id
        and summed.origin_day = seen.origin_day
        and case when summed.is_censored then summed.last_credits_date else summed.origin_date end
        = seen.activity_date
left join account_days as before_seat
    on
        summed.account_id = before_seat.account_id
        and summed.origin_day = before_seat.origin_day
        and summed.usage_month = before_seat.usage_month
        and summed.day_before_seat = before_seat.activity_date
