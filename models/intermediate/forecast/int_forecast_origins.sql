with

days as (
    select * from {{ ref('int_forecast_days') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

origin_days as (
    select {{ days_between('month_start_date', 'as_of_date') }} + 1 as origin_day
    from as_of
    {%- for day in setting('forecast_backtest_days') %}
        union distinct
        select {{ day }} as origin_day
    {%- endfor %}
),

months as (
    select
        usage_month,
        max(activity_date) as month_end_date
    from days
    group by usage_month
    having min(activity_date) = usage_month
),

dated as (
    select
        origin_days.origin_day,
        months.usage_month,
        months.month_end_date,
        least(
            {{ add_days('months.usage_month', 'origin_days.origin_day - 1') }},
            months.month_end_date
        ) as origin_date,
        origin_days.origin_day
        = {{ days_between('as_of.month_start_date', 'as_of.as_of_date') }} + 1 as is_current_day
    from months
    cross join origin_days
    cross join as_of
)

select
    -- numbers
    dated.origin_day,
    origins.weekdays_to_date,
    origins.weekend_days_to_date,
    month_ends.weekdays_to_date - origins.weekdays_to_date as weekdays_after,
    month_ends.weekend_days_to_date - origins.weekend_days_to_date as weekend_days_after,
    origins.recency_weight,

    -- booleans
    dated.is_current_day,
    dated.is_current_day and dated.origin_date = as_of.as_of_date as is_current,
    dated.month_end_date <= as_of.as_of_date as is_closed_month,

    -- dates
    dated.usage_month,
    dated.origin_date,
    dated.month_end_date
from dated
cross join as_of
inner join days as origins
    on dated.origin_date = origins.activity_date
inner join days as month_ends
    on dated.month_end_date = month_ends.activity_date
where
    dated.month_end_date <= as_of.as_of_date
    or (dated.is_current_day and dated.origin_date = as_of.as_of_date)
