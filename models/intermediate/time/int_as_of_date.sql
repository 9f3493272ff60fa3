{{ config(pre_hook="{{ require_usable_reports() }}") }}

with

files as (
    select * from {{ ref('int_report_files') }}
),

last_days as (
    select
        coalesce(
            max(activity_date) filter (where report = 'user_report'),
            max(activity_date)
        ) as as_of_date
    from files
    where is_current
)

select
    as_of_date,
    {{ month_start('as_of_date') }} as month_start_date,
    {{ month_end('as_of_date') }} as month_end_date
from last_days
