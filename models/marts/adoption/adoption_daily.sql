with

user_days as (
    select
        account_id,
        user_id,
        activity_date,
        lead(activity_date) over (
            partition by account_id, user_id
            order by activity_date
        ) as next_activity_date,
        row_number() over (
            partition by account_id, user_id
            order by activity_date
        ) as active_day_number
    from {{ ref('int_user_days_aggregated') }}
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

daily as (
    select
        account_id,
        activity_date,
        count(*) as active_users,
        count(*) filter (where active_day_number = 1) as first_time_users
    from user_days
    group by
        account_id,
        activity_date
),

weekly as (
    {{ active_users_in_window('user_days', 'account_days', 7) | indent }}
),

monthly as (
    {{ active_users_in_window('user_days', 'account_days', 28) | indent }}
),

-- A window that starts before history, or of which too much is unknown, has no number.
joined as (
    select
        account_days.account_id,
        account_days.activity_date,
        account_days.covered_days_7,
        account_days.covered_days_28,
        case when account_days.is_covered then coalesce(daily.active_users, 0) end
            as daily_active_users,
        case
            when
                account_days.history_days >= 7
                and account_days.covered_days_7 >= 7 * {{ var('window_minimum_coverage') }}
                then weekly.active_users
        end as weekly_active_users,
        case
            when
                account_days.history_days >= 28
                and account_days.covered_days_28 >= 28 * {{ var('window_minimum_coverage') }}
                then monthly.active_users
        end as monthly_active_users,
        case
            when
                account_days.is_covered
                and account_days.activity_date
                >= {{ add_days('account_days.first_report_date', var('history_warmup_days')) }}
                then coalesce(daily.first_time_users, 0)
        end as new_users
    from account_days
    left join daily
        on
            account_days.account_id = daily.account_id
            and account_days.activity_date = daily.activity_date
    left join weekly
        on
            account_days.account_id = weekly.account_id
            and account_days.activity_date = weekly.activity_date
    left join monthly
        on
            account_days.account_id = monthly.account_id
            and account_days.activity_date = monthly.activity_date
)

select
    -- ids
    account_id,

    -- numbers
    daily_active_users,
    cast(weekly_active_users as bigint) as weekly_active_users,
    cast(monthly_active_users as bigint) as monthly_active_users,
    cast(daily_active_users as double) / nullif(monthly_active_users, 0) as stickiness,
    new_users,
    cast(covered_days_7 as integer) as covered_days_7,
    cast(covered_days_28 as integer) as covered_days_28,

    -- dates
    activity_date
from joined
