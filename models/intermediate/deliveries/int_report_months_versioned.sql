with

calendar as (
    select * from {{ ref('int_days_spined') }}
),

days as (
    select * from {{ ref('int_report_days_versioned') }}
    where report = 'user_report'
),

-- Includes months without reports, because their 28-day windows reach back into the previous
-- month.
months as (
    select
        {{ month_start('calendar.activity_date') }} as usage_month,
        coalesce({{ texts_in_order('days.version') }}, '') as day_versions
    from calendar
    left join days
        on calendar.activity_date = days.activity_date
    group by {{ month_start('calendar.activity_date') }}
)

select
    -- text
    'user_report' as report,
    md5(day_versions) as version,
    md5(
        lag(day_versions, 1, '') over (order by usage_month)
        || '|'
        || day_versions
    ) as version_with_month_before,

    -- dates
    usage_month
from months
