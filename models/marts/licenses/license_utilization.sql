-- A view on DuckDB, so it shows today's seats even if a failed forecast holds back the advice. On a
-- cluster it is a table, so that other tools can read its files.
{{ config(materialized='view' if target.type == 'duckdb' else 'table') }}

with

seats as (
    select * from {{ ref('int_seat_states') }}
),

actions as (
    select * from {{ ref('recommended_actions') }}
),

inactivity as (
    select * from {{ ref('int_seat_inactivity_costed') }}
)

select
    -- ids
    seats.account_id,
    seats.profile_id,
    seats.user_id,

    -- text
    seats.subscription_tier,
    seats.seat_source,
    seats.seat_state,
    seats.subscription_status,
    seats.exemption_reason,
    seats.kept_because,
    actions.recommended_tier,
    actions.action as recommended_action,

    -- numbers
    cast(seats.days_since_active as integer) as days_since_active,
    cast(seats.days_to_first_use as integer) as days_to_first_use,
    cast(seats.active_days_30 as integer) as active_days_30,
    cast(seats.coverage_30 as double) as coverage_30,
    cast(seats.assumed_quiet_days_30 as integer) as assumed_quiet_days_30,
    seats.credits_used as credits_used_month,
    seats.monthly_allowance,
    seats.plan_credits,
    seats.credit_utilization,
    seats.monthly_price_usd,
    actions.monthly_savings_usd,
    seats.duplicate_waste_usd,
    cast(coalesce(inactivity.inactive_months, 0) as integer) as inactive_months,
    cast(
        case when inactivity.user_id is null then 0 else inactivity.inactivity_cost_usd end
        as decimal(18, 2)
    ) as inactivity_cost_usd,

    -- booleans
    seats.is_reclaimable,
    seats.is_duplicate_seat,
    seats.is_exempt,
    seats.is_billed,

    -- dates
    seats.as_of_date,
    seats.activated_date,
    seats.first_active_date,
    seats.last_active_date,
    seats.last_evidence_date,
    seats.last_billed_month,
    seats.last_listed_date
from seats
left join actions
    on
        {{ same_seat('seats', 'actions') }}
        and seats.as_of_date = actions.as_of_date
left join inactivity
    on {{ same_seat('seats', 'inactivity') }}
