with

days as (
    select * from {{ ref('int_forecast_days') }}
),

origins as (
    select * from {{ ref('int_forecast_origins') }}
)

select
    -- numbers
    origins.origin_day,
    {%- for half_life in var('forecast_half_lives_days') %}
        -- Relative to the origin, so that weights keep their precision for old origins.
        cast(
            {{ rounded(
                'power(0.5, ' ~ days_between('days.activity_date', 'origins.origin_date')
                ~ ' / cast(' ~ half_life ~ ' as double))', 12
            ) }} as decimal(18, 12)
        ) as weight_{{ half_life }},
    {%- endfor %}

    -- booleans
    days.is_weekend,
    origins.is_current or origins.is_month_end as is_of_every_seat,

    -- dates
    origins.usage_month,
    days.activity_date
from origins
inner join days
    on
        origins.usage_month = days.usage_month
        and origins.origin_date >= days.activity_date
