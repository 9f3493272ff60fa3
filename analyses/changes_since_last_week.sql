-- What changed since last week? Two windows of exactly seven days, only where both are complete.
with

as_of as (
    select
        account_id,
        max(activity_date) as activity_date
    from adoption_daily
    group by account_id
)

select
    this_week.account_id,
    this_week.weekly_active_users,
    last_week.weekly_active_users as weekly_active_users_before,
    this_week.weekly_active_users - last_week.weekly_active_users as change_in_users
from adoption_daily as this_week
inner join as_of
    on
        this_week.account_id = as_of.account_id
        and this_week.activity_date = as_of.activity_date
inner join adoption_daily as last_week
    on
        this_week.account_id = last_week.account_id
        and this_week.activity_date - 7 = last_week.activity_date
order by this_week.account_id;
