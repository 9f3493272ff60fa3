-- Credits, messages, and users per day are the same in report rows and seats. For a day with a
-- blank value, which excludes a seat from the sum, only users are compared.
with

activities as (
    select
        activity_date,
        case when count(credits_used) = count(*) then sum(credits_used) end as credits_used,
        case when count(messages) = count(*) then sum(messages) end as messages,
        count(distinct user_id) as users
    from {{ ref('int_activities_with_plan') }}
    where {{ in_changed_days() }}
    group by activity_date
),

seat_days as (
    select
        activity_date,
        case when count(credits_used) = count(*) then sum(credits_used) end as credits_used,
        case when count(messages) = count(*) then sum(messages) end as messages,
        count(distinct user_id) as users
    from {{ ref('int_seat_days_aggregated') }}
    where {{ in_changed_days() }}
    group by activity_date
),

compared as (
    select * from activities
    union all
    select * from seat_days
)

select activity_date
from compared
group by activity_date
having
    count(*) <> 2
    or min(credits_used) <> max(credits_used)
    or min(messages) <> max(messages)
    or min(users) <> max(users)
    or count(credits_used) not in (0, 2)
    or count(messages) not in (0, 2)
