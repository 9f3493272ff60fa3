-- The last day's weekly and monthly active users equal a simple distinct count.
with

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

user_days as (
    select * from {{ ref('int_seat_days_aggregated') }}
    where is_active
),

counted as (
    select
        user_days.account_id,
        count(distinct case
            when user_days.activity_date > {{ add_days('as_of.as_of_date', -7) }}
                then user_days.user_id
        end) as weekly_active_users,
        count(distinct user_days.user_id) as monthly_active_users
    from user_days
    cross join as_of
    where user_days.activity_date > {{ add_days('as_of.as_of_date', -28) }}
    group by user_days.account_id
),

adoption as (
    select
        adoption_daily.account_id,
        adoption_daily.weekly_active_users,
        adoption_daily.monthly_active_users
    from {{ ref('adoption_daily') }} as adoption_daily
    inner join as_of
        on adoption_daily.activity_date = as_of.as_of_date
)

select
    adoption.account_id,
    adoption.weekly_active_users,
    adoption.monthly_active_users
from adoption
left join counted
    on adoption.account_id = counted.account_id
where
    adoption.weekly_active_users <> coalesce(counted.weekly_active_users, 0)
    or adoption.monthly_active_users <> coalesce(counted.monthly_active_users, 0)
