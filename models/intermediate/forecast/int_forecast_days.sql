with

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

holidays as (
    select distinct holiday_date from {{ ref('holidays') }}
),

bounds as (
    select
        {{ add_days('as_of_date', 1 - var('forecast_history_days')) }} as first_date,
        month_end_date as last_date
    from as_of
),

days as (
    {{ every_day('bounds') }}
),

-- Few people work on holidays, so the forecast treats them like weekend days.
classified as (
    select
        days.activity_date,
        {{ is_weekend('days.activity_date') }} or holidays.holiday_date is not null as is_weekend
    from days
    left join holidays
        on days.activity_date = holidays.holiday_date
)

select
    -- numbers
    count(case when not is_weekend then 1 end) over (
        order by activity_date
        rows between unbounded preceding and current row
    ) as weekdays_to_date,
    count(case when is_weekend then 1 end) over (
        order by activity_date
        rows between unbounded preceding and current row
    ) as weekend_days_to_date,

    -- booleans
    is_weekend,

    -- dates
    activity_date,
    {{ month_start('activity_date') }} as usage_month
from classified
