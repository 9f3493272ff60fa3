with

emails as (
    select * from {{ ref('int_user_emails_aggregated') }}
)

-- An address that two people used identifies neither of them.
select
    user_email,
    max(user_id) as user_id
from emails
group by user_email
having count(distinct user_id) = 1
