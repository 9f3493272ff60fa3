-- A table on a cluster, where a view would be planned again for every model that reads it.
{{ config(materialized='view' if target.type == 'duckdb' else 'table') }}

{%- set used = "('active', 'slipping', 'idle', 'blocked')" %}
{%- set unused = "('dormant', 'stale', 'never_used')" %}
{%- set unknown = "('unknown_history')" %}

with

seat_states as (
    select * from {{ ref('int_seat_states') }}
    where seat_state = 'pending' or (seat_state <> 'cancelled' and coalesce(is_billed, true))
),

inactivity as (
    select * from {{ ref('int_seat_inactivity_costed') }}
),

past_states as (
    select * from {{ ref('int_seat_states_counted') }}
),

month_states as (
    select * from {{ ref('int_seat_month_states') }}
),

decided as (
    select * from {{ ref('int_seat_actions_decided') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

seats as (
    select
        seat_states.*,
        as_of.month_start_date as usage_month,
        case when inactivity.user_id is null then 0 else inactivity.inactivity_cost_usd end
            as inactivity_cost_usd
    from seat_states
    cross join as_of
    left join inactivity
        on {{ same_seat('seat_states', 'inactivity') }}
),

scoped_seats as (
    {{ with_scope('seats') }}
),

-- For teams, only this month and last month, which are enough for a comparison.
last_month as (
    select month_states.*
    from month_states
    inner join as_of
        on month_states.usage_month = {{ month_start(add_days('as_of.month_start_date', -1)) }}
),

scoped_last_month as (
    {{ with_scope('last_month') }}
),

-- The current month has today's states.
months as (
    select
        account_id,
        tier,
        scope_team,
        seat_state,
        1 as seats,
        monthly_price_usd as cost_usd,
        usage_month as period_start_date,
        as_of_date as period_end_date
    from scoped_seats
    union all
    select
        past_states.account_id,
        past_states.subscription_tier as tier,
        '(all)' as scope_team,
        past_states.seat_state,
        past_states.seats,
        past_states.subscription_cost_usd as cost_usd,
        past_states.usage_month as period_start_date,
        {{ month_end('past_states.usage_month') }} as period_end_date
    from past_states
    inner join as_of
        on past_states.usage_month < as_of.month_start_date
    union all
    select
        account_id,
        tier,
        scope_team,
        seat_state,
        1 as seats,
        monthly_price_usd as cost_usd,
        usage_month as period_start_date,
        {{ month_end('usage_month') }} as period_end_date
    from scoped_last_month
    where scope_team <> '(all)'
),

by_month as (
    select
        {{ scope_columns() }},
        sum(case when seat_state <> 'pending' then seats else 0 end) as seats,
        {{ total_of_states(used, 'seats') }} as used_seats,
        {{ total_of_states(unused, 'seats') }} as unused_seats,
        {{ total_of_states(unknown, 'seats') }} as unknown_seats,
        {{ total_of_states("('new')", 'seats') }} as new_seats,
        sum(case when seat_state <> 'pending' then cost_usd end) as subscription_cost_usd,
        {{ total_of_states(unused, 'cost_usd') }} as unused_cost_usd,
        {{ total_of_states(unknown, 'cost_usd') }} as unknown_cost_usd,
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
        count(*) filter (where seat_state = 'pending') as pending_seats,
        count(*) as listed_seats,
        count(*) filter (where is_reclaimable) as reclaimable_seats,
        count(*) filter (where is_duplicate_seat) as second_seats,
        sum(
            case
                when is_reclaimable then monthly_price_usd
                when monthly_price_usd is not null then 0
            end
        ) as reclaimable_cost_usd,
        {{ total_of_states(unused, 'inactivity_cost_usd') }} as inactivity_cost_usd,
        usage_month as period_start_date,
        as_of_date as period_end_date
    from scoped_seats
    group by
        usage_month,
        as_of_date,
        scope_team,
        cube(account_id, tier)
),

actions as (
    select
        decided.*,
        as_of.month_start_date as usage_month
    from decided
    cross join as_of
),

scoped_actions as (
    {{ with_scope('actions') }}
),

advised as (
    select
        {{ scope_columns() }},
        sum(coalesce(monthly_savings_usd, 0)) as savings_usd
    from scoped_actions
    group by
        scope_team,
        cube(account_id, tier)
),

-- Every scope with seats has savings; without advice, they are 0.
advice as (
    select
        latest.account_id,
        latest.subscription_tier,
        latest.team,
        coalesce(advised.savings_usd, 0) as advised_savings_usd,
        latest.period_start_date,
        latest.period_end_date
    from latest
    left join advised
        on
            latest.account_id = advised.account_id
            and latest.subscription_tier = advised.subscription_tier
            and latest.team = advised.team
)

{{ figures_of('by_month', [
    'seats', 'used_seats', 'unused_seats', 'unknown_seats', 'new_seats', 'subscription_cost_usd',
    'unused_cost_usd', 'unknown_cost_usd',
]) }}
union all
{{ figures_of('latest', [
    'pending_seats', 'listed_seats', 'reclaimable_seats', 'second_seats', 'reclaimable_cost_usd',
    'inactivity_cost_usd',
]) }}
union all
{{ figures_of('advice', ['advised_savings_usd']) }}
union all
select
    'used_share' as figure,
    account_id,
    subscription_tier,
    team,
    cast(cast(used_seats as double) / nullif(seats, 0) as decimal(38, 6)) as value,
    cast(used_seats as decimal(38, 6)) as numerator,
    cast(seats as decimal(38, 6)) as denominator,
    period_start_date,
    period_end_date
from by_month
