{{ config(materialized='view') }}

with

days as (
    select * from {{ ref('int_report_days_versioned') }}
),

last_builds as (
    select max(build_number) as build_number
    from days
)

select
    days.report,
    days.activity_date
from days
cross join last_builds
where days.build_number = last_builds.build_number
