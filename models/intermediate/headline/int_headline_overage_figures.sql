-- A table on a cluster, where a view would be planned again for every model that reads it.
{{ config(materialized='view' if target.type == 'duckdb' else 'table') }}

with

seat_months as (
    select * from {{ ref('int_seat_months') }}
    where is_reported
),

risks as (
    select * from {{ ref('int_seat_risks') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

current_months as (
    select
        seat_months.*,
        as_of.as_of_date
    from seat_months
    cross join as_of
    where seat_months.is_current_month
),

scoped_current_months as (
    {{ with_scope('current_months') }}
),

scoped_risks as (
    {{ with_scope('risks') }}
),

to_date as (
    select
        {{ scope_columns() }},
        sum(overage_cost_usd) as overage_to_date_usd,
        usage_month as period_start_date,
        as_of_date as period_end_date
    from scoped_current_months
    group by
        usage_month,
        as_of_date,
        scope_team,
        cube(account_id, tier)
),

past_months as (
    select
        seat_months.*,
        not seat_months.overage_enabled
        and seat_months.credits_used
        >= {{ var('blocked_allowance_share') }} * seat_months.monthly_allowance as was_blocked,
        {{ month_end('seat_months.usage_month') }} as month_end_date
    from seat_months
    where not seat_months.is_current_month
),

-- For teams, only this month and last month, which are enough for a comparison.
last_month as (
    select past_months.*
    from past_months
    inner join as_of
        on past_months.month_end_date = {{ add_days('as_of.month_start_date', -1) }}
),

scoped_last_month as (
    {{ with_scope('last_month') }}
),

-- Expected for the current month, actual for past months.
months as (
    select
        account_id,
        tier,
        scope_team,
        expected_overage_usd as overage_usd,
        risk_kind = 'blocked' and risk_band in ('breached', 'high', 'likely') as is_blocked,
        usage_month as period_start_date,
        as_of_date as period_end_date
    from scoped_risks
    union all
    select
        account_id,
        coalesce(subscription_tier, '(unknown)') as tier,
        '(all)' as scope_team,
        overage_cost_usd as overage_usd,
        was_blocked as is_blocked,
        usage_month as period_start_date,
        month_end_date as period_end_date
    from past_months
    union all
    select
        account_id,
        tier,
        scope_team,
        overage_cost_usd as overage_usd,
        was_blocked as is_blocked,
        usage_month as period_start_date,
        month_end_date as period_end_date
    from scoped_last_month
    where scope_team <> '(all)'
),

by_month as (
    select
        {{ scope_columns() }},
        sum(overage_usd) as overage_usd,
        count(*) filter (where is_blocked) as blocked_or_likely_seats,
        period_start_date,
        period_end_date
    from months
    group by
        period_start_date,
        period_end_date,
        scope_team,
        cube(account_id, tier)
),

latest as (
    select
        {{ scope_columns() }},
        count(*) filter (where risk_kind = 'blocked' and risk_band = 'breached')
            as blocked_now_seats,
        count(*) filter (
            where
            risk_kind = 'blocked'
            and risk_band in ('high', 'likely')
            and exhaustion_date <= {{ add_days('as_of_date', 7) }}
        ) as blocked_within_7_days_seats,
        count(*) filter (
            where
            risk_kind = 'blocked'
            and risk_band in ('high', 'likely')
            and coalesce(exhaustion_date > {{ add_days('as_of_date', 7) }}, true)
        ) as blocked_later_seats,
        count(*) filter (where risk_kind = 'cost' and risk_band = 'breached')
            as over_allowance_seats,
        count(*) filter (where risk_kind = 'cost' and risk_band in ('high', 'likely'))
            as likely_over_allowance_seats,
        usage_month as period_start_date,
        as_of_date as period_end_date
    from scoped_risks
    group by
        usage_month,
        as_of_date,
        scope_team,
        cube(account_id, tier)
)

{{ figures_of('to_date', ['overage_to_date_usd']) }}
union all
{{ figures_of('by_month', ['overage_usd', 'blocked_or_likely_seats']) }}
union all
{{ figures_of('latest', [
    'blocked_now_seats', 'blocked_within_7_days_seats', 'blocked_later_seats',
    'over_allowance_seats', 'likely_over_allowance_seats',
]) }}
