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
{%- if not var('test_all_history') %}
inner join last_builds
    on days.build_number = last_builds.build_number
{%- endif %}
