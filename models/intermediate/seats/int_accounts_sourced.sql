with

billed_seats as (
    select * from {{ ref('int_seats_billed') }}
    -- An export without resource ids shows costs, but not who has a seat.
    where is_subscribed and user_id <> '(unassigned)'
),

listed_seats as (
    select * from {{ ref('int_seats_listed') }}
    where is_on_roster
),

observed_seats as (
    select * from {{ ref('int_seats_summarized') }}
),

accounts as (
    select account_id from billed_seats
    union
    select account_id from listed_seats
    union
    select account_id from observed_seats
),

-- The bill's last settled month determines who has a seat.
bills as (
    select
        account_id,
        min(first_billed_month) as first_billed_month,
        max(case when has_subscriptions then usage_month end) as last_billed_month,
        max(case when is_settled then usage_month end) as settled_month
    from {{ ref('int_account_months_billed') }}
    group by account_id
),

rosters as (
    select
        account_id,
        max(list_date) as roster_date,
        count(*) as roster_seats,
        count(*) filter (where is_identified) as identified_seats
    from listed_seats
    group by account_id
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
)

select
    -- ids
    accounts.account_id,

    -- numbers
    coalesce(rosters.roster_seats, 0) as roster_seats,
    coalesce(rosters.identified_seats, 0) as identified_roster_seats,

    -- booleans
    -- A month's bill covers the month from its first day, but arrives at least a day later.
    coalesce(
        bills.last_billed_month >= {{ month_start(add_days('as_of.month_start_date', -1)) }}, false
    ) as is_billed,
    coalesce(
        rosters.identified_seats
        >= {{ var('roster_minimum_matched_share') }} * rosters.roster_seats,
        false
    ) as is_roster_complete,

    -- dates
    bills.first_billed_month,
    bills.last_billed_month,
    bills.settled_month,
    rosters.roster_date
from accounts
cross join as_of
left join bills
    on accounts.account_id = bills.account_id
left join rosters
    on accounts.account_id = rosters.account_id
