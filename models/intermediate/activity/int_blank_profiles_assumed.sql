with

activities as (
    select * from {{ ref('int_current_activities') }}
),

blank_users as (
    select distinct
        account_id,
        user_id
    from activities
    where profile_id is null
)

select
    -- ids
    activities.account_id,
    max(activities.profile_id) as profile_id,
    activities.user_id
from activities
inner join blank_users
    on
        activities.account_id = blank_users.account_id
        and activities.user_id = blank_users.user_id
where activities.profile_id is not null
group by
    activities.account_id,
    activities.user_id
having count(distinct activities.profile_id) = 1
