with

user_days as (
    select * from {{ ref('int_user_days_aggregated') }}
),

account_days as (
    select * from {{ ref('int_account_days_covered') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

history as (
    select min(first_report_date) as first_report_date
    from account_days
),

first_days as (
    select
        user_id,
        min(activity_date) as first_active_date
    from user_days
    group by user_id
),

-- Users of the first weeks of history may have started before it, and are no cohort.
members as (
    select
        first_days.user_id,
        first_days.first_active_date,
        {{ week_start('first_days.first_active_date') }} as cohort_week
    from first_days
    cross join history
    where
        first_days.first_active_date
        >= {{ add_days('history.first_report_date', var('history_warmup_days')) }}
),

cohorts as (
    select
        cohort_week,
        count(*) as cohort_users
    from members
    group by cohort_week
),

weeks as (
    select distinct
        cast(
            floor({{ days_between('history.first_report_date', 'account_days.activity_date') }} / 7)
            as integer
        ) as weeks_since
    from account_days
    cross join history
),

returns as (
    select
        members.cohort_week,
        cast(
            floor({{ days_between('members.first_active_date', 'user_days.activity_date') }} / 7)
            as integer
        ) as weeks_since,
        count(distinct members.user_id) as retained_users
    from members
    inner join user_days
        on members.user_id = user_days.user_id
    group by
        members.cohort_week,
        cast(
            floor({{ days_between('members.first_active_date', 'user_days.activity_date') }} / 7)
            as integer
        )
),

-- Only weeks that even the cohort's last member has lived through.
matured as (
    select
        cohorts.cohort_week,
        weeks.weeks_since,
        cohorts.cohort_users
    from cohorts
    cross join weeks
    cross join as_of
    where
        {{ add_days('cohorts.cohort_week', '6 + 7 * weeks.weeks_since + 6') }} <= as_of.as_of_date
        and weeks.weeks_since <= {{ var('retention_weeks') }}
)

select
    -- numbers
    matured.weeks_since,
    matured.cohort_users,
    coalesce(returns.retained_users, 0) as retained_users,
    cast(coalesce(returns.retained_users, 0) as double) / matured.cohort_users as retention,

    -- dates
    matured.cohort_week
from matured
left join returns
    on
        matured.cohort_week = returns.cohort_week
        and matured.weeks_since = returns.weeks_since
