with

days as (
    select * from {{ ref('int_forecast_days') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- The 31st means the last day of any month.
wanted_days as (
    select
        {{ days_between('month_start_date', 'as_of_date') }} + 1 as origin_day,
        true as is_current_day,
        true as is_forecast
    from as_of
    {%- for day in setting('forecast_backtest_days') %}
        union all
        select
            {{ day }} as origin_day,
            false as is_current_day,
            true as is_forecast
    {%- endfor %}
    union all
    select
        31 as origin_day,
        false as is_current_day,
        false as is_forecast
),

origin_days as (
    select
        origin_day,
        bool_or(is_current_day) as is_current_day,
        bool_or(is_forecast) as is_forecast
    from wanted_days
    group by origin_day
),

months as (
    select
        usage_month,
        max(activity_date) as month_end_date,
        max(weekdays_to_date) as weekdays_to_date,
        max(weekend_days_to_date) as weekend_days_to_date,
        count(case when not is_weekend then 1 end) as weekdays,
        count(case when is_weekend then 1 end) as weekend_days
    from days
    group by usage_month
    having min(activity_date) = usage_month
),

dated as (
    select
        origin_days.origin_day,
        months.usage_month,
        months.month_end_date,
        months.weekdays_to_date,
        months.weekend_days_to_date,
        months.weekdays,
        months.weekend_days,
        least(
            {{ add_days('months.usage_month', 'origin_days.origin_day - 1') }},
            months.month_end_date
        ) as origin_date,
        origin_days.is_current_day,
        origin_days.is_forecast
    from months
    cross join origin_days
)

select
    -- numbers
    dated.origin_day,
    dated.weekdays,
    dated.weekend_days,
    dated.weekdays_to_date - origins.weekdays_to_date as weekdays_after,
    dated.weekend_days_to_date - origins.weekend_days_to_date as weekend_days_after,

    -- booleans
    dated.is_current_day,
    dated.is_current_day and dated.origin_date = as_of.as_of_date as is_current,
    dated.is_forecast,
    dated.origin_day = 31 as is_month_end,
    dated.month_end_date <= as_of.as_of_date as is_closed_month,

    -- dates
    dated.usage_month,
    dated.origin_date,
    dated.month_end_date
from dated
cross join as_of
inner join days as origins
    on dated.origin_date = origins.activity_date
where
    dated.month_end_date <= as_of.as_of_date
    or (dated.is_current_day and dated.origin_date = as_of.as_of_date)
