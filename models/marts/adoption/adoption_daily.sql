with

counted as (
    select * from {{ ref('int_active_users_counted') }}
),

seats as (
    select * from {{ ref('int_seats_summarized') }}
),

account_days as (
    select
        *,
        row_number() over (
            partition by account_id
            order by activity_date
        ) as history_days,
        count(case when is_covered then 1 end) over (
            partition by account_id
            order by activity_date
            rows between 6 preceding and current row
        ) as covered_days_7,
        count(case when is_covered then 1 end) over (
            partition by account_id
            order by activity_date
            rows between 27 preceding and current row
        ) as covered_days_28
    from {{ ref('int_account_days_covered') }}
),

first_days as (
    select
        account_id,
        user_id,
        min(first_active_date) as activity_date
    from seats
    group by
        account_id,
        user_id
),

first_time as (
    select
        account_id,
        activity_date,
        count(*) as users
    from first_days
    group by
        account_id,
        activity_date
),

-- A window that starts before history, or has too many unknown days, is NULL.
joined as (
    select
        account_days.account_id,
        account_days.activity_date,
        account_days.covered_days_7,
        account_days.covered_days_28,
        case when account_days.is_covered then coalesce(counted.daily_active_users, 0) end
            as daily_active_users,
        case
            when
                account_days.history_days >= 7
                and account_days.covered_days_7 >= 7 * {{ var('window_minimum_coverage') }}
                then coalesce(counted.weekly_active_users, 0)
        end as weekly_active_users,
        case
            when
                account_days.history_days >= 28
                and account_days.covered_days_28 >= 28 * {{ var('window_minimum_coverage') }}
                then coalesce(counted.monthly_active_users, 0)
        end as monthly_active_users,
        case
            when
                account_days.is_covered
                and account_days.activity_date
                >= {{ add_days('account_days.first_report_date', var('history_warmup_days')) }}
                then coalesce(first_time.users, 0)
        end as new_users
    from account_days
    left join counted
        on
            account_days.account_id = counted.account_id
            and account_days.activity_date = counted.activity_date
    left join first_time
        on
            account_days.account_id = first_time.account_id
            and account_days.activity_date = first_time.activity_date
)

select
    -- ids
    account_id,

    -- numbers
    daily_active_users,
    weekly_active_users,
    monthly_active_users,
    cast(daily_active_users as double) / nullif(monthly_active_users, 0) as stickiness,
    new_users,
    cast(covered_days_7 as integer) as covered_days_7,
    cast(covered_days_28 as integer) as covered_days_28,

    -- dates
    activity_date
from joined
