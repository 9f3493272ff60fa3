{%- set half_lives = var('forecast_half_lives_days') -%}

with

seat_origins as (
    select * from {{ ref('int_seat_origins_observed') }}
    where is_forecast
),

month_ends as (
    select * from {{ ref('int_seat_origins_observed') }}
    where is_month_end
),

-- Earlier months are weighted as of their ends, then discounted for the time since then.
earlier as (
    select
        seat_origins.seat_number,
        seat_origins.origin_day,
        seat_origins.usage_month,
        {%- for half_life in half_lives %}
            {%- set decay -%}
                power(
                    0.5,
                    {{ days_between('month_ends.origin_date', 'seat_origins.origin_date') }}
                    / cast({{ half_life }} as double)
                )
            {%- endset %}
            {%- for kind in ['weekday', 'weekend_day'] %}
                {%- for measure in ['credits', 'weight'] %}
                    {%- set name = kind ~ '_' ~ measure ~ '_' ~ half_life %}
                    sum(
                        cast(
                            {{ rounded('cast(month_ends.' ~ name ~ ' as double) * ' ~ decay) }}
                            as decimal(18, 6)
                        )
                    ) as {{ name }},
                {%- endfor %}
            {%- endfor %}
        {%- endfor %}
        sum(month_ends.credits_to_date) as credits_to_date,
        sum(month_ends.active_days) as active_days,
        sum(month_ends.observed_weekdays + month_ends.observed_weekend_days) as observed_days,
        max(month_ends.last_credits_date) as last_credits_date
    from seat_origins
    inner join month_ends
        on
            seat_origins.seat_number = month_ends.seat_number
            and seat_origins.usage_month > month_ends.usage_month
    group by
        seat_origins.seat_number,
        seat_origins.origin_day,
        seat_origins.usage_month
)

select
    -- ids
    seat_origins.account_id,
    seat_origins.profile_id,
    seat_origins.user_id,

    -- text
    seat_origins.subscription_tier,

    -- numbers
    seat_origins.origin_day,
    seat_origins.monthly_allowance,
    seat_origins.overage_cap,
    seat_origins.breach_credits,
    seat_origins.limit_credits,
    seat_origins.credits_to_date,
    month_ends.credits_to_date as month_credits,
    case
        when seat_origins.is_known_month and not seat_origins.is_censored
            then month_ends.credits_to_date - seat_origins.credits_to_date
    end as seen_later_credits,
    {%- for kind in ['weekday', 'weekend_day'] %}
        {%- for half_life in half_lives %}
            {%- for measure in ['credits', 'weight'] %}
                {%- set name = kind ~ '_' ~ measure ~ '_' ~ half_life %}
                seat_origins.{{ name }} + coalesce(earlier.{{ name }}, 0) as {{ name }},
            {%- endfor %}
        {%- endfor %}
        seat_origins.observed_{{ kind }}s,
        seat_origins.unseen_{{ kind }}s,
        seat_origins.{{ kind }}s_after,
        seat_origins.{{ kind }}s_after
        - (month_ends.observed_{{ kind }}s - seat_origins.observed_{{ kind }}s)
            as unseen_{{ kind }}s_after,
    {%- endfor %}
    seat_origins.observed_weekdays + seat_origins.observed_weekend_days as observed_days,
    seat_origins.credits_to_date + coalesce(earlier.credits_to_date, 0) as history_credits,
    seat_origins.active_days + coalesce(earlier.active_days, 0) as history_active_days,
    seat_origins.observed_weekdays + seat_origins.observed_weekend_days
    + coalesce(earlier.observed_days, 0) as history_days,

    -- booleans
    seat_origins.overage_enabled,
    seat_origins.is_sampled,
    seat_origins.is_current_day,
    seat_origins.is_current,
    seat_origins.is_known_month,

    -- dates
    seat_origins.usage_month,
    seat_origins.origin_date,
    coalesce(seat_origins.last_credits_date, earlier.last_credits_date) as last_credits_date
from seat_origins
left join earlier
    on
        seat_origins.seat_number = earlier.seat_number
        and seat_origins.origin_day = earlier.origin_day
        and seat_origins.usage_month = earlier.usage_month
left join month_ends
    on
        seat_origins.seat_number = month_ends.seat_number
        and seat_origins.usage_month = month_ends.usage_month
