{%- set half_lives = var('forecast_half_lives_days') -%}

with

seat_days as (
    select * from {{ ref('int_seat_days_aggregated') }}
    where credits_used > 0
),

seats as (
    select * from {{ ref('int_forecast_seats') }}
),

origin_days as (
    select * from {{ ref('int_forecast_origin_days') }}
),

numbered_days as (
    select
        seats.seat_number,
        seats.is_sampled,
        seat_days.activity_date,
        seat_days.credits_used
    from seat_days
    inner join seats
        on {{ same_seat('seat_days', 'seats') }}
),

-- Days up to today and to the end of each month for every seat; days up to past origins for the
-- sample.
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
                -- Decimals, so that the sum does not depend on the order of the rows.
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
)

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
