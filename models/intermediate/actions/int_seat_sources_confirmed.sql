with

seats as (
    select * from {{ ref('int_seats_stated') }}
),

rosters as (
    select * from {{ ref('int_seats_listed') }}
    where
        is_on_roster
        and subscription_status in ('active', 'unknown')
),

legacy_files as (
    select * from {{ ref('stg_kiro__report_files') }}
    where
        report = 'by_user_analytic'
        and is_current
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

legacy_accounts as (
    select distinct legacy_files.account_id
    from legacy_files
    cross join as_of
    where legacy_files.activity_date > {{ add_days('as_of.as_of_date', -30) }}
)

select
    -- ids
    seats.account_id,
    seats.profile_id,
    seats.user_id,

    -- booleans
    coalesce(
        seats.coverage_30 >= {{ var('reclaim_minimum_coverage') }}
        and seats.assumed_quiet_days_30 = 0,
        false
    ) as has_reports,
    coalesce(seats.is_billed, false) as is_on_bill,
    coalesce(rosters.list_date > {{ add_days('as_of.as_of_date', -30) }}, false) as is_on_roster,
    legacy_accounts.account_id is not null as has_legacy_report
from seats
cross join as_of
left join rosters
    on {{ same_seat('seats', 'rosters') }}
left join legacy_accounts
    on seats.account_id = legacy_accounts.account_id
