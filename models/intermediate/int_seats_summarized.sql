with

seat_days as (
    select * from {{ ref('int_seat_days_aggregated') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
)

select
    -- ids
    seat_days.account_id,
    seat_days.profile_id,
    seat_days.user_id,

    -- text
    max_by(seat_days.subscription_tier, seat_days.activity_date)
    filter (where seat_days.subscription_tier is not null) as subscription_tier,

    -- numbers
    count(*) filter (
        where
        seat_days.is_active
        and seat_days.activity_date > {{ add_days('as_of.as_of_date', -30) }}
    ) as active_days_30,

    -- dates
    min(seat_days.activity_date) as first_seen_date,
    max(seat_days.activity_date) as last_seen_date,
    max(seat_days.activity_date) filter (where seat_days.new_user) as activated_date,
    min(seat_days.activity_date) filter (where seat_days.is_active) as first_active_date,
    max(seat_days.activity_date) filter (where seat_days.is_active) as last_active_date
from seat_days
cross join as_of
group by
    seat_days.account_id,
    seat_days.profile_id,
    seat_days.user_id
