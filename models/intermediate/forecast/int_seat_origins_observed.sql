{%- set half_lives = var('forecast_half_lives_days') -%}

with

seat_days as (
    select * from {{ ref('int_seat_days_aggregated') }}
    where credits_used > 0
),

-- A month reported without credits says nothing about them.
seat_months as (
    select * from {{ ref('int_seat_months') }}
    where not (is_reported and credits_used is null)
),

seats as (
    select * from {{ ref('int_seats_summarized') }}
),

origin_days as (
    select * from {{ ref('int_forecast_origin_days') }}
),

origins as (
    select * from {{ ref('int_forecast_origins') }}
),

account_days as (
    select * from {{ ref('int_forecast_account_days') }}
),

-- Days are grouped by this number, which is much faster than by the three ids. The first numbers
-- are the sample.
numbered_seats as (
    select
        account_id,
        profile_id,
        user_id,
        first_seen_date,
        row_number() over (
            order by
                md5(account_id || profile_id || user_id),
                account_id,
                profile_id,
                user_id
        ) as seat_number
    from seats
),

sampled_seats as (
    select
        *,
        seat_number <= {{ var('forecast_sample_seats') }} as is_sampled
    from numbered_seats
),

-- Every seat today and at the end of each month, and a sample of seats at past origins.
seat_origins as (
    select
        sampled_seats.seat_number,
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
        origins.is_forecast and (origins.is_current or sampled_seats.is_sampled) as is_forecast,
        origins.is_closed_month
        and seat_months.delivered_days
        >= {{ var('window_minimum_coverage') }}
        * ({{ days_between('origins.usage_month', 'origins.month_end_date') }} + 1)
            as is_known_month,
        sampled_seats.is_sampled,
        {{ add_days('sampled_seats.first_seen_date', -1) }} as day_before_seat
    from seat_months
    inner join sampled_seats
        on {{ same_seat('seat_months', 'sampled_seats') }}
    inner join origins
        on
            seat_months.usage_month = origins.usage_month
            and sampled_seats.first_seen_date <= origins.origin_date
            and (origins.is_current or origins.is_month_end or sampled_seats.is_sampled)
),

numbered_days as (
    select
        sampled_seats.seat_number,
        sampled_seats.is_sampled,
        seat_days.activity_date,
        seat_days.credits_used
    from seat_days
    inner join sampled_seats
        on {{ same_seat('seat_days', 'sampled_seats') }}
),

-- Days of every seat up to today and up to the end of each month, and of a sample up to past
-- origins.
seen_days as (
    {%- for is_of_every_seat in [true, false] %}
        select
            numbered_days.seat_number,
            numbered_days.activity_date,
            numbered_days.credits_used,
            origin_days.origin_day,
            origin_days.usage_month,
            origin_days.is_weekend,
            {%- for half_life in half_lives %}
                -- Decimals, whose sum does not depend on the order of the rows.
                cast(
                    {{ rounded(
                        'numbered_days.credits_used'
                        ~ ' * cast(origin_days.weight_' ~ half_life ~ ' as double)'
                    ) }} as decimal(18, 6)
                ) as weighted_credits_{{ half_life }}
                {%- if not loop.last %},{% endif %}
            {%- endfor %}
        from numbered_days
        inner join origin_days
            on
                numbered_days.activity_date = origin_days.activity_date
                and origin_days.is_of_every_seat = {{ is_of_every_seat }}
        {%- if is_of_every_seat %}
            union all
        {%- else %}
            where numbered_days.is_sampled
        {%- endif %}
    {%- endfor %}
),

sums as (
    select
        seat_number,
        origin_day,
        usage_month,
        sum(credits_used) as credits_to_date,
        count(*) as active_days,
        {%- for half_life in half_lives %}
            sum(weighted_credits_{{ half_life }}) filter (where not is_weekend)
                as weekday_credits_{{ half_life }},
            sum(weighted_credits_{{ half_life }}) filter (where is_weekend)
                as weekend_day_credits_{{ half_life }},
        {%- endfor %}
        max(activity_date) as last_credits_date
    from seen_days
    group by
        seat_number,
        origin_day,
        usage_month
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
        -- A seat far above its limit has other credits, so the limit does not stop it.
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

-- Demand is last observed on the day that reached the limit; later days are as unknown as the
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
