{{ config(
    materialized='incremental',
    partition_by=['usage_month'] if target.type == 'spark' else none,
    pre_hook="{{ delete_outdated('usage_month') }}",
) }}

with

activities as (
    select * from {{ ref('int_current_activities') }}
    where user_email is not null
),

days as (
    select * from {{ ref('int_report_days_versioned') }}
    where
        report = 'user_report'
        and {{ is_to_make('usage_month') }}
),

months as (
    select * from {{ ref('int_report_months_versioned') }}
)

select
    -- ids
    activities.user_id,

    -- text
    activities.user_email,
    months.version,

    -- dates
    days.usage_month,
    max(activities.activity_date) as last_date,
    max(activities.delivered_at) as last_delivered_at
from activities
inner join days
    on activities.activity_date = days.activity_date
inner join months
    on days.usage_month = months.usage_month
group by
    activities.user_id,
    activities.user_email,
    months.version,
    days.usage_month
