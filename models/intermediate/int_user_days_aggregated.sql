with

seat_days as (
    select * from {{ ref('int_seat_days_aggregated') }}
)

select
    -- ids
    account_id,
    user_id,

    -- dates
    activity_date
from seat_days
where is_active
group by
    account_id,
    user_id,
    activity_date
