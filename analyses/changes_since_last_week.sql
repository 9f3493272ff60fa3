-- What changed since last week? Users and messages in this week and the last, seven days each.
-- Leaves out accounts that lack files in either week.
with

as_of as (
    select
        account_id,
        max(activity_date) as activity_date
    from adoption_daily
    group by account_id
),

messages as (
    select
        mix.account_id,
        sum(mix.messages) filter (where mix.activity_date > as_of.activity_date - 7)
            as messages,
        sum(mix.messages) filter (where mix.activity_date <= as_of.activity_date - 7)
            as messages_before
    from model_mix_daily as mix
    inner join as_of
        on
            mix.account_id = as_of.account_id
            and mix.activity_date > as_of.activity_date - 14
    group by mix.account_id
)

select
    this_week.account_id,
    last_week.weekly_active_users as weekly_active_users_before,
    this_week.weekly_active_users,
    messages.messages_before,
    messages.messages
from adoption_daily as this_week
inner join as_of
    on
        this_week.account_id = as_of.account_id
        and this_week.activity_date = as_of.activity_date
inner join adoption_daily as last_week
    on
        this_week.account_id = last_week.account_id
        and this_week.activity_date - 7 = last_week.activity_date
left join messages
    on this_week.account_id = messages.account_id
where
    this_week.weekly_active_users is not null
    and last_week.weekly_active_users is not null
order by this_week.account_id;
