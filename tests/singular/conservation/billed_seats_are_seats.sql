-- Every seat on a month's bill counts as a seat in that month.
with

billed_seats as (
    select * from {{ ref('int_seats_billed') }}
    where
        is_subscribed
        and user_id <> '(unassigned)'
),

seat_months as (
    select * from {{ ref('int_seat_months') }}
    where is_billed
)

select
    billed_seats.account_id,
    billed_seats.profile_id,
    billed_seats.user_id,
    billed_seats.usage_month
from billed_seats
left join seat_months
    on
        {{ same_seat('billed_seats', 'seat_months') }}
        and billed_seats.usage_month = seat_months.usage_month
where seat_months.user_id is null
