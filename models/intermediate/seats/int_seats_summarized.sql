with

seat_months as (
    select * from {{ ref('int_seat_months_aggregated') }}
),

seat_days as (
    select * from {{ ref('int_seat_days_aggregated') }}
    where is_active
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

last_30_days as (
    select
        seat_days.account_id,
        seat_days.profile_id,
        seat_days.user_id,
        count(*) as active_days_30
    from seat_days
    inner join as_of
        on seat_days.activity_date > {{ add_days('as_of.as_of_date', -30) }}
    group by
        seat_days.account_id,
        seat_days.profile_id,
        seat_days.user_id
),

seats as (
    select
        account_id,
        profile_id,
        user_id,
        max_by(last_subscription_tier, usage_month)
        filter (where last_subscription_tier is not null) as subscription_tier,
        min(first_seen_date) as first_seen_date,
        max(last_seen_date) as last_seen_date,
        max(activated_date) as activated_date,
        min(first_active_date) as first_active_date,
        max(last_active_date) as last_active_date
    from seat_months
    group by
        account_id,
        profile_id,
        user_id
)

select
    -- ids
    seats.account_id,
    seats.profile_id,
    seats.user_id,

    -- text
    seats.subscription_tier,

    -- numbers
    coalesce(last_30_days.active_days_30, 0) as active_days_30,

    -- dates
    seats.first_seen_date,
    seats.last_seen_date,
    seats.activated_date,
    seats.first_active_date,
    seats.last_active_date
from seats
left join last_30_days
    on {{ same_seat('seats', 'last_30_days') }}
