with

seats as (
    select * from {{ ref('int_seat_states') }}
),

rosters as (
    select * from {{ ref('int_seats_listed') }}
    where
        is_on_roster
        and subscription_status in ('active', 'unknown')
),

legacy_files as (
    select * from {{ ref('int_report_files') }}
    where
        report = 'by_user_analytic'
        and is_current
),

account_days as (
    select * from {{ ref('int_account_days_covered') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

legacy_accounts as (
    select distinct legacy_files.account_id
    from legacy_files
    cross join as_of
    where legacy_files.activity_date > {{ add_days('as_of.as_of_date', -30) }}
),

counted_days as (
    select
        account_id,
        activity_date,
        first_report_date,
        count(case when is_covered and not is_assumed_quiet then 1 end) over (
            partition by account_id
            order by activity_date
            rows between unbounded preceding and current row
        ) as covered_days
    from account_days
),

last_days as (
    select counted_days.*
    from counted_days
    inner join as_of
        on counted_days.activity_date = as_of.as_of_date
),

-- First day from which reports must be complete, but no earlier than needed to call the seat
-- stale.
silent_seats as (
    select
        seats.account_id,
        seats.profile_id,
        seats.user_id,
        seats.coverage_30,
        seats.assumed_quiet_days_30,
        seats.as_of_date,
        last_days.covered_days,
        greatest(
            coalesce(seats.last_active_date, seats.activated_date, last_days.first_report_date),
            last_days.first_report_date,
            {{ add_days('seats.as_of_date', -(var('dormant_seat_days') + 1)) }}
        ) as silent_since_date
    from seats
    inner join last_days
        on seats.account_id = last_days.account_id
),

reported_seats as (
    select
        silent_seats.account_id,
        silent_seats.profile_id,
        silent_seats.user_id
    from silent_seats
    inner join counted_days
        on
            silent_seats.account_id = counted_days.account_id
            and silent_seats.silent_since_date = counted_days.activity_date
    where
        silent_seats.coverage_30 >= {{ var('reclaim_minimum_coverage') }}
        and silent_seats.assumed_quiet_days_30 = 0
        and silent_seats.covered_days - counted_days.covered_days
        >= {{ var('reclaim_minimum_coverage') }}
        * {{ days_between('silent_seats.silent_since_date', 'silent_seats.as_of_date') }}
)

select
    -- ids
    seats.account_id,
    seats.profile_id,
    seats.user_id,

    -- booleans
    reported_seats.user_id is not null as has_reports,
    coalesce(seats.is_billed, false) as is_on_bill,
    coalesce(rosters.list_date > {{ add_days('as_of.as_of_date', -30) }}, false) as is_on_roster,
    legacy_accounts.account_id is not null as has_legacy_report
from seats
cross join as_of
left join reported_seats
    on {{ same_seat('seats', 'reported_seats') }}
left join rosters
    on {{ same_seat('seats', 'rosters') }}
left join legacy_accounts
    on seats.account_id = legacy_accounts.account_id
