with

activities as (
    select * from {{ ref('stg_kiro__user_activities') }}
)

-- An address that two people used names neither.
select
    user_email,
    max(user_id) as user_id
from activities
where user_email is not null
group by user_email
having count(distinct user_id) = 1
