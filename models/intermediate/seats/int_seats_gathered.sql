{{ config(materialized='view') }}

with

observed_seats as (
    select * from {{ ref('int_seats_summarized') }}
),

billed_seats as (
    select * from {{ ref('int_seat_bills_summarized') }}
),

listed_seats as (
    select * from {{ ref('int_seats_listed') }}
),

unreported_use as (
    select * from {{ ref('int_unreported_use') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

accounts as (
    select * from {{ ref('int_accounts_sourced') }}
),

seat_months as (
    select * from {{ ref('int_seat_months_aggregated') }}
),

-- Seats used in the month of the last settled bill.
reported_seats as (
    select
        seat_months.account_id,
        seat_months.profile_id,
        seat_months.user_id
    from seat_months
    inner join accounts
        on
            seat_months.account_id = accounts.account_id
            and seat_months.usage_month = accounts.settled_month
),

seats as (
    select
        account_id,
        profile_id,
        user_id
    from observed_seats
    union
    select
        account_id,
        profile_id,
        user_id
    from billed_seats
    union
    select
        account_id,
        profile_id,
        user_id
    from listed_seats
)

select
    -- ids
    seats.account_id,
    seats.profile_id,
    seats.user_id,

    -- text
    observed_seats.subscription_tier as reported_tier,
    billed_seats.subscription_tier as billed_tier,
    listed_seats.subscription_tier as listed_tier,
    listed_seats.subscription_status,

    -- numbers
    observed_seats.active_days_30,

    -- booleans
    coalesce(billed_seats.is_on_bill, false) as is_on_bill,
    reported_seats.user_id is not null as is_reported_when_settled,
    accounts.is_billed as is_account_billed,
    accounts.is_roster_complete,

    -- dates
    observed_seats.first_seen_date,
    observed_seats.last_seen_date,
    observed_seats.first_active_date,
    observed_seats.last_active_date,
    observed_seats.activated_date as reported_activation_date,
    listed_seats.activated_date as listed_activation_date,
    -- A seat on the very first bill may be older than that bill.
    coalesce(
        billed_seats.renewed_date,
        case
            when billed_seats.first_billed_month > accounts.first_billed_month
                then billed_seats.first_billed_date
        end
    ) as billed_activation_date,
    billed_seats.first_billed_month,
    billed_seats.last_billed_month,
    billed_seats.first_billed_date,
    unreported_use.first_evidence_date as first_unreported_date,
    unreported_use.last_evidence_date as last_unreported_date,
    -- Unreported use belongs to this seat if the person has no other seat in the account.
    case
        when count(*) over (partition by seats.account_id, seats.user_id) = 1
            then unreported_use.last_evidence_date
    end as last_own_evidence_date,
    listed_seats.list_date,
    accounts.roster_date,
    accounts.settled_month,
    {{ month_end('accounts.settled_month') }} as settled_date,
    {{ month_end('accounts.last_billed_month') }} as last_billed_date,
    as_of.month_start_date
from seats
cross join as_of
inner join accounts
    on seats.account_id = accounts.account_id
left join observed_seats
    on {{ same_seat('seats', 'observed_seats') }}
left join billed_seats
    on {{ same_seat('seats', 'billed_seats') }}
left join listed_seats
    on {{ same_seat('seats', 'listed_seats') }}
left join unreported_use
    on
        seats.account_id = unreported_use.account_id
        and seats.user_id = unreported_use.user_id
left join reported_seats
    on {{ same_seat('seats', 'reported_seats') }}
