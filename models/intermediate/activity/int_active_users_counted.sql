{{ config(
    materialized='incremental',
    partition_by=['usage_month'] if target.type == 'spark' else none,
    pre_hook="{{ delete_outdated('usage_month', version='version_with_month_before') }}",
) }}

with

months as (
    select * from {{ ref('int_report_months_versioned') }}
    where {{ is_to_make('usage_month') }}
),

-- The 28 days up to a month's first day reach into the previous month.
months_reached as (
    select usage_month from months
    union
    select {{ month_start(add_days('usage_month', -1)) }} as usage_month
    from months
),

user_days as (
    select distinct
        seat_days.account_id,
        seat_days.user_id,
        seat_days.activity_date
    from {{ ref('int_seat_days_aggregated') }} as seat_days
    inner join months_reached
        on seat_days.usage_month = months_reached.usage_month
    where seat_days.is_active
),

followed_user_days as (
    select
        *,
        lead(activity_date) over (
            partition by account_id, user_id
            order by activity_date
        ) as next_activity_date
    from user_days
),

accounts as (
    select distinct account_id
    from user_days
),

bounds as (
    select
        min(usage_month) as first_date,
        max({{ month_end('usage_month') }}) as last_date
    from months_reached
),

-- Up to the end of the month: if the last days have no report, nothing would trigger a rebuild
-- later.
days as (
    {{ every_day('bounds') }}
),

account_days as (
    select
        accounts.account_id,
        days.activity_date
    from accounts
    cross join days
),

daily as (
    select
        account_id,
        activity_date,
        count(*) as active_users
    from user_days
    group by
        account_id,
        activity_date
),

weekly as (
    {{ active_users_in_window('followed_user_days', 'account_days', 7) | indent }}
),

monthly as (
    {{ active_users_in_window('followed_user_days', 'account_days', 28) | indent }}
)

select
    -- ids
    account_days.account_id,

    -- text
    months.version_with_month_before as version,

    -- numbers
    coalesce(daily.active_users, 0) as daily_active_users,
    cast(weekly.active_users as bigint) as weekly_active_users,
    cast(monthly.active_users as bigint) as monthly_active_users,

    -- dates
    account_days.activity_date,
    months.usage_month
from account_days
inner join months
    on {{ month_start('account_days.activity_date') }} = months.usage_month
inner join weekly
    on
        account_days.account_id = weekly.account_id
        and account_days.activity_date = weekly.activity_date
inner join monthly
    on
        account_days.account_id = monthly.account_id
        and account_days.activity_date = monthly.activity_date
left join daily
    on
        account_days.account_id = daily.account_id
        and account_days.activity_date = daily.activity_date
