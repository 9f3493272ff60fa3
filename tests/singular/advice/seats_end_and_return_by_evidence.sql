-- Only a bill or roster newer than the seat's last source cancels a seat. A seat that is no longer
-- on the bill continues only if a later report or roster has it.
with

seats as (
    select * from {{ ref('license_utilization') }}
),

accounts as (
    select * from {{ ref('int_accounts_sourced') }}
),

observed_seats as (
    select * from {{ ref('int_seats_summarized') }}
),

dated as (
    select
        seats.account_id,
        seats.profile_id,
        seats.user_id,
        seats.seat_state,
        seats.is_billed,
        seats.last_billed_month,
        seats.last_listed_date,
        seats.subscription_status,
        observed_seats.last_seen_date,
        accounts.settled_month,
        coalesce(seats.last_billed_month < accounts.settled_month, true) as is_off_bill,
        {{ later_of(month_end('accounts.settled_month'), 'accounts.roster_date') }} as source_date
    from seats
    inner join accounts
        on seats.account_id = accounts.account_id
    left join observed_seats
        on {{ same_seat('seats', 'observed_seats') }}
)

select
    account_id,
    profile_id,
    user_id,
    'cancelled against evidence' as fault
from dated
where
    seat_state = 'cancelled'
    and (
        source_date is null
        or last_seen_date > source_date
        or last_billed_month > source_date
    )
union all
select
    account_id,
    profile_id,
    user_id,
    'held without evidence' as fault
from dated
where
    seat_state not in ('cancelled', 'pending')
    and settled_month is not null
    and is_off_bill
    and coalesce(last_seen_date < settled_month, true)
    and (
        subscription_status is null
        or subscription_status = 'cancelled'
        or last_listed_date <= {{ month_end('settled_month') }}
    )
