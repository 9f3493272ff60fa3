with

seat_days as (
    select * from {{ ref('int_seat_days_accumulated') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
)

select
    -- ids
    seat_days.account_id,
    seat_days.profile_id,
    seat_days.user_id,

    -- numbers
    seat_days.conversations,
    seat_days.messages,
    seat_days.credits_used,
    seat_days.overage_credits_used,
    seat_days.credits_used_month_to_date,
    seat_days.clients,

    -- dates
    seat_days.activity_date
from seat_days
cross join as_of
where
    seat_days.activity_date
    >= {{ add_days('as_of.as_of_date', 1 - var('seat_usage_days')) }}
