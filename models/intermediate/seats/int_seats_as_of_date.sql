{{ config(materialized='view') }}

with

seats as (
    select * from {{ ref('int_seats_held') }}
),

seat_months as (
    select * from {{ ref('int_seat_months') }}
    where is_current_month
),

account_days as (
    select * from {{ ref('int_account_days_covered') }}
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

exemptions as (
    select * from {{ ref('int_exemptions_identified') }}
),

unreported_use as (
    select * from {{ ref('int_unreported_use') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- Unreported use in accounts where the person has no paid seat.
unseated_use as (
    select
        unreported_use.user_id,
        max(unreported_use.last_evidence_date) as last_unseated_date
    from unreported_use
    left join seats
        on
            unreported_use.account_id = seats.account_id
            and unreported_use.user_id = seats.user_id
            and seats.is_paid
    where seats.user_id is null
    group by unreported_use.user_id
),

coverage as (
    select
        account_days.account_id,
        min(account_days.first_report_date) as first_report_date,
        cast(count(*) filter (where account_days.is_covered) as double) / 30 as coverage_30,
        count(*) filter (where account_days.is_assumed_quiet) as assumed_quiet_days_30
    from account_days
    cross join as_of
    where account_days.activity_date > {{ add_days('as_of.as_of_date', -30) }}
    group by account_days.account_id
)

select
    -- ids
    seats.account_id,
    seats.profile_id,
    seats.user_id,

    -- text
    seats.subscription_tier,
    seats.seat_source,
    seats.subscription_status,
    exemptions.exemption_reason,

    -- numbers
    {{ days_between('seats.last_active_date', 'as_of.as_of_date') }} as days_since_active,
    -- Without an activation date from a source, the first report would be both start and end. For
    -- days before the account's first report, it is unknown when the seat was used.
    case
        when
            seats.activated_date >= coverage.first_report_date
            and seats.first_active_date >= seats.activated_date
            then {{ days_between('seats.activated_date', 'seats.first_active_date') }}
    end as days_to_first_use,
    seats.active_days_30,
    coverage.coverage_30,
    coverage.assumed_quiet_days_30,
    seat_months.credits_used,
    seat_months.monthly_allowance,
    plan_prices.monthly_allowance_credits as plan_credits,
    plan_prices.monthly_price_usd,

    -- booleans
    coalesce(seat_months.is_reported, false) as is_reported,
    coalesce(seat_months.is_blocked, false) as is_blocked,
    seats.is_billed,
    bool_or(coalesce(seats.is_billed, false)) over (
        partition by seats.account_id, seats.user_id
    ) as is_person_billed,
    seats.is_paid,
    seats.is_pending,
    seats.is_cancelled,
    exemptions.user_id is not null as is_exempt,
    coalesce(
        seats.is_profile_unknown and seats.last_held_month < as_of.month_start_date, false
    ) as is_past_unknown,

    -- dates
    as_of.as_of_date,
    -- A seat first seen soon after reports began may be older than they are; a seat billed before
    -- they began certainly is.
    coalesce(
        seats.activated_date,
        case
            when
                seats.first_seen_date
                >= {{ add_days('coverage.first_report_date', var('history_warmup_days')) }}
                and coalesce(seats.first_billed_date >= seats.first_seen_date, true)
                then seats.first_seen_date
        end
    ) as activated_date,
    coverage.first_report_date,
    seats.first_seen_date,
    seats.first_active_date,
    seats.last_active_date,
    seats.first_unreported_date,
    seats.last_unreported_date,
    unseated_use.last_unseated_date,
    seats.last_billed_month,
    seats.last_listed_date
from seats
cross join as_of
left join seat_months
    on {{ same_seat('seats', 'seat_months') }}
left join coverage
    on seats.account_id = coverage.account_id
left join unseated_use
    on seats.user_id = unseated_use.user_id
left join exemptions
    on seats.user_id = exemptions.user_id
left join plan_prices
    on {{ plan_holds('seats.subscription_tier', 'as_of.as_of_date') }}
