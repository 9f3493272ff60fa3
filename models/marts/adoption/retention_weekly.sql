with

user_days as (
    select
        account_id,
        user_id,
        activity_date
    from {{ ref('int_seat_days_aggregated') }}
    where is_active
),

account_days as (
    select
        *,
        count(case when is_covered then 1 end) over (
            partition by account_id
            order by activity_date
            rows between 6 preceding and current row
        ) as covered_days_7
    from {{ ref('int_account_days_covered') }}
),

first_dates as (
    select
        user_id,
        min(activity_date) as first_active_date
    from user_days
    group by user_id
),

-- If a user is in several accounts on the first day, the lowest account number is used in every
-- build.
first_days as (
    select
        first_dates.user_id,
        first_dates.first_active_date,
        min(user_days.account_id) as account_id
    from first_dates
    inner join user_days
        on
            first_dates.user_id = user_days.user_id
            and first_dates.first_active_date = user_days.activity_date
    group by
        first_dates.user_id,
        first_dates.first_active_date
),

-- Users in the first weeks of an account's history may have started earlier, so they are not in a
-- cohort.
members as (
    select
        first_days.user_id,
        first_days.account_id,
        first_days.first_active_date,
        {{ week_start('first_days.first_active_date') }} as cohort_week
    from first_days
    inner join account_days
        on
            first_days.account_id = account_days.account_id
            and first_days.first_active_date = account_days.activity_date
    where
        first_days.first_active_date
        >= {{ add_days('account_days.first_report_date', var('history_warmup_days')) }}
),

returns as (
    select distinct
        members.user_id,
        cast(
            floor({{ days_between('members.first_active_date', 'user_days.activity_date') }} / 7)
            as integer
        ) as weeks_since
    from members
    inner join user_days
        on members.user_id = user_days.user_id
),

-- Each member's past weeks, and whether the account's reports for the week arrived.
member_weeks as (
    select
        members.user_id,
        members.cohort_week,
        cast(
            floor({{ days_between('members.first_active_date', 'account_days.activity_date') }} / 7)
            as integer
        ) as weeks_since,
        account_days.covered_days_7 >= 7 * {{ var('window_minimum_coverage') }} as is_known
    from members
    inner join account_days
        on
            members.account_id = account_days.account_id
            and members.first_active_date <= account_days.activity_date
            and mod(
                {{ days_between('members.first_active_date', 'account_days.activity_date') }}, 7
            ) = 6
),

cohorts as (
    select
        cohort_week,
        count(*) as cohort_users
    from members
    group by cohort_week
),

cells as (
    select
        member_weeks.cohort_week,
        member_weeks.weeks_since,
        cohorts.cohort_users,
        count(*) as lived_users,
        bool_and(member_weeks.is_known) as is_known,
        count(returns.user_id) as retained_users
    from member_weeks
    inner join cohorts
        on member_weeks.cohort_week = cohorts.cohort_week
    left join returns
        on
            member_weeks.user_id = returns.user_id
            and member_weeks.weeks_since = returns.weeks_since
    where member_weeks.weeks_since <= {{ var('retention_weeks') }}
    group by
        member_weeks.cohort_week,
        member_weeks.weeks_since,
        cohorts.cohort_users
)

select
    -- numbers
    weeks_since,
    cohort_users,
    case when is_known then retained_users end as retained_users,
    case when is_known then cast(retained_users as double) / cohort_users end as retention,

    -- dates
    cohort_week
from cells
-- Only weeks that are over even for the cohort's last member.
where lived_users = cohort_users
