with

files as (
    select * from {{ ref('int_report_files') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

bounds as (
    select
        min(files.activity_date) as first_date,
        max(as_of.as_of_date) as last_date
    from files
    cross join as_of
    where files.is_current
),

days as (
    {{ every_day('bounds') }}
)

select
    activity_date,
    {{ is_weekend('activity_date') }} as is_weekend
from days
