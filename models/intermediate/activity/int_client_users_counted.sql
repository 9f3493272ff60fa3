{{ config(
    materialized='incremental',
    partition_by=['usage_month'] if target.type == 'spark' else none,
    pre_hook="{{ delete_outdated('usage_month') }}",
) }}

with

activities as (
    select * from {{ ref('int_activities_with_plan') }}
),

days as (
    select * from {{ ref('int_report_days_versioned') }}
    where
        report = 'user_report'
        and {{ is_to_make('usage_month') }}
),

months as (
    select * from {{ ref('int_report_months_versioned') }}
),

used_clients as (
    select
        activities.account_id,
        activities.user_id,
        activities.client_type,
        days.usage_month
    from activities
    inner join days
        on activities.activity_date = days.activity_date
    where {{ is_active() }}
    group by
        activities.account_id,
        activities.user_id,
        activities.client_type,
        days.usage_month
),

counted as (
    select
        *,
        count(*) over (partition by account_id, user_id, usage_month) as clients_used,
        row_number() over (
            partition by account_id, user_id, usage_month
            order by client_type
        ) as client_no
    from used_clients
),

-- Each user is counted once per client and once for any client.
memberships as (
    select
        account_id,
        client_type,
        clients_used,
        usage_month
    from counted
    union all
    select
        account_id,
        '(any)' as client_type,
        clients_used,
        usage_month
    from counted
    where client_no = 1
)

select
    -- ids
    memberships.account_id,

    -- text
    memberships.client_type,
    months.version,

    -- numbers
    cast(memberships.clients_used as integer) as clients_used,
    count(*) as users,

    -- dates
    memberships.usage_month
from memberships
inner join months
    on memberships.usage_month = months.usage_month
group by
    memberships.account_id,
    memberships.client_type,
    months.version,
    memberships.clients_used,
    memberships.usage_month
