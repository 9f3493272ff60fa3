-- A table on a cluster, where a view would be planned again for every model that reads it.
{{ config(materialized='view' if target.type == 'duckdb' else 'table') }}

with

seat_months as (
    select * from {{ ref('int_seat_months') }}
    where coalesce(is_billed, true)
),

seats as (
    select * from {{ ref('int_seat_states') }}
),

account_days as (
    select * from {{ ref('int_account_days_covered') }}
),

accounts as (
    select
        account_id,
        min(first_report_date) as first_report_date
    from account_days
    group by account_id
),

-- In a month without reports, it is unknown whether a seat was used.
dated as (
    select
        seat_months.account_id,
        seat_months.profile_id,
        seat_months.user_id,
        coalesce(seat_months.subscription_tier, '(unknown)') as subscription_tier,
        seat_months.monthly_price_usd,
        seat_months.usage_month,
        seat_months.month_last_date,
        seat_months.is_blocked,
        coalesce(seat_months.is_billed, seats.is_paid) as is_paid,
        seats.activated_date,
        seats.first_unreported_date,
        accounts.first_report_date,
        seat_months.delivered_days > 0 as is_known,
        {{ days_between('seat_months.last_active_to_date', 'seat_months.month_last_date') }}
            as days_since_active
    from seat_months
    -- A seat without a known profile is counted only in months in which it is reported.
    left join seats
        on {{ same_seat('seat_months', 'seats') }}
    left join accounts
        on seat_months.account_id = accounts.account_id
),

stated as (
    select
        *,
        case
            when is_known then {{ held_seat_state('month_last_date') }}
            else 'unknown_history'
        end as seat_state
    from dated
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    subscription_tier,
    seat_state,

    -- numbers
    monthly_price_usd,

    -- dates
    usage_month
from stated
