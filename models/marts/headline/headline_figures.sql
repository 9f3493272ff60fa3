{%- set used = "('active', 'slipping', 'idle', 'blocked')" -%}
{%- set unused = "('dormant', 'stale', 'never_used', 'unknown_history')" -%}
{#- The figures from each CTE below; each figure is one of its columns. -#}
{%- set figures = {
    'seat_months': [
        'seats', 'used_seats', 'unused_seats', 'new_seats', 'subscription_cost_usd',
        'unused_cost_usd',
    ],
    'seats_now': [
        'pending_seats', 'listed_seats', 'reclaimable_seats', 'reclaimable_cost_usd',
        'second_seats', 'inactivity_cost_usd',
    ],
    'overage_months': ['overage_usd'],
    'month_costs': ['month_cost_usd'],
    'charges': ['overage_to_date_usd'],
    'forecasts': [
        'blocked_now_seats', 'blocked_within_7_days_seats', 'blocked_later_seats',
        'over_allowance_seats', 'likely_over_allowance_seats',
    ],
    'blocked_months': ['blocked_or_likely_seats'],
    'outlooks': [
        'overage_p80_usd', 'month_cost_p80_usd', 'overage_worst_case_usd', 'overage_budget_usd',
    ],
    'advice': ['advised_savings_usd'],
    'active_weeks': ['weekly_active_users'],
    'message_weeks': ['messages'],
    'delivery_months': ['missing_files'],
} -%}

with

license_utilization as (
    select * from {{ ref('license_utilization') }}
),

seat_states_monthly as (
    select * from {{ ref('seat_states_monthly') }}
),

overage_monthly as (
    select * from {{ ref('overage_monthly') }}
),

overage_risk as (
    select * from {{ ref('overage_risk') }}
),

overage_outlook as (
    select * from {{ ref('overage_outlook') }}
),

recommended_actions as (
    select * from {{ ref('recommended_actions') }}
),

user_teams as (
    select * from {{ ref('user_teams') }}
),

adoption_daily as (
    select * from {{ ref('adoption_daily') }}
),

model_mix_daily as (
    select * from {{ ref('model_mix_daily') }}
),

report_delivery as (
    select * from {{ ref('report_delivery') }}
),

definitions as (
    select * from {{ ref('headline_definitions') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- The last 7 and 30 days, and the same number of days before them.
windows as (
    {%- for days, days_before in [(7, 0), (7, 7), (30, 0), (30, 30)] %}
        select
            {{ days }} as days,
            {{ days_before }} as days_before,
            {{ add_days('as_of_date', 1 - days - days_before) }} as period_start_date,
            {{ add_days('as_of_date', -days_before) }} as period_end_date
        from as_of
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

scoped_seats as (
    {{ with_scope('license_utilization') }}
    where
        license_utilization.seat_state = 'pending'
        or (
            license_utilization.seat_state <> 'cancelled'
            and coalesce(license_utilization.is_billed, true)
        )
),

scoped_risks as (
    {{ with_scope('overage_risk') }}
),

scoped_charges as (
    {{ with_scope('overage_monthly') }}
),

scoped_actions as (
    {{ with_scope('recommended_actions') }}
),

seats_now as (
    select
        {{ scope_columns() }},
        count(*) filter (where seat_state <> 'pending') as seats,
        count(*) filter (where seat_state in {{ used }}) as used_seats,
        count(*) filter (where seat_state in {{ unused }}) as unused_seats,
        count(*) filter (where seat_state = 'new') as new_seats,
        count(*) filter (where seat_state = 'pending') as pending_seats,
        count(*) as listed_seats,
        count(*) filter (where is_reclaimable) as reclaimable_seats,
        count(*) filter (where is_duplicate_seat) as second_seats,
        sum(case when seat_state <> 'pending' then monthly_price_usd end) as subscription_cost_usd,
        {{ total_of_states(unused, 'monthly_price_usd') }} as unused_cost_usd,
        sum(
            case
                when is_reclaimable then monthly_price_usd
                when monthly_price_usd is not null then 0
            end
        ) as reclaimable_cost_usd,
        {{ total_of_states(unused, 'inactivity_cost_usd') }} as inactivity_cost_usd,
        min({{ month_start('as_of_date') }}) as period_start_date,
        max(as_of_date) as period_end_date
    from scoped_seats
    group by cube(account_id, tier, team)
),

past_states as (
    select
        seat_states_monthly.account_id,
        seat_states_monthly.subscription_tier as tier,
        seat_states_monthly.seat_state,
        seat_states_monthly.seats,
        seat_states_monthly.subscription_cost_usd,
        seat_states_monthly.usage_month
    from seat_states_monthly
    inner join as_of
        on seat_states_monthly.usage_month < as_of.month_start_date
),

seat_months as (
    select
        account_id,
        subscription_tier,
        team,
        seats,
        used_seats,
        unused_seats,
        new_seats,
        subscription_cost_usd,
        unused_cost_usd,
        period_start_date,
        period_end_date
    from seats_now
    union all
    select
        coalesce(account_id, '(all)') as account_id,
        coalesce(tier, '(all)') as subscription_tier,
        '(all)' as team,
        sum(seats) as seats,
        {{ total_of_states(used, 'seats') }} as used_seats,
        {{ total_of_states(unused, 'seats') }} as unused_seats,
        {{ total_of_states("('new')", 'seats') }} as new_seats,
        sum(subscription_cost_usd) as subscription_cost_usd,
        {{ total_of_states(unused, 'subscription_cost_usd') }} as unused_cost_usd,
        usage_month as period_start_date,
        {{ month_end('usage_month') }} as period_end_date
    from past_states
    group by
        usage_month,
        cube(account_id, tier)
),

charge_months as (
    select
        scoped_charges.account_id,
        scoped_charges.tier,
        scoped_charges.team,
        scoped_charges.overage_cost_usd,
        not scoped_charges.overage_enabled
        and scoped_charges.credits_used
        >= {{ var('blocked_allowance_share') }} * scoped_charges.monthly_allowance as is_blocked,
        scoped_charges.usage_month,
        as_of.as_of_date,
        as_of.month_start_date
    from scoped_charges
    cross join as_of
),

charges as (
    select
        {{ scope_columns() }},
        sum(overage_cost_usd) as overage_to_date_usd,
        max(month_start_date) as period_start_date,
        max(as_of_date) as period_end_date
    from charge_months
    where usage_month = month_start_date
    group by cube(account_id, tier, team)
),

forecasts as (
    select
        {{ scope_columns() }},
        sum(expected_overage_usd) as overage_usd,
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
        count(*) filter (
            where risk_kind = 'blocked' and risk_band in ('breached', 'high', 'likely')
        ) as blocked_or_likely_seats,
        count(*) filter (where risk_kind = 'cost' and risk_band = 'breached')
            as over_allowance_seats,
        count(*) filter (where risk_kind = 'cost' and risk_band in ('high', 'likely'))
            as likely_over_allowance_seats,
        usage_month as period_start_date,
        max(as_of_date) as period_end_date
    from scoped_risks
    group by
        usage_month,
        cube(account_id, tier, team)
),

overage_months as (
    select
        account_id,
        subscription_tier,
        team,
        overage_usd,
        period_start_date,
        period_end_date
    from forecasts
    union all
    select
        coalesce(account_id, '(all)') as account_id,
        coalesce(tier, '(all)') as subscription_tier,
        '(all)' as team,
        sum(overage_cost_usd) as overage_usd,
        usage_month as period_start_date,
        {{ month_end('usage_month') }} as period_end_date
    from charge_months
    where usage_month < month_start_date
    group by
        usage_month,
        cube(account_id, tier)
),

blocked_months as (
    select
        account_id,
        subscription_tier,
        team,
        blocked_or_likely_seats,
        period_start_date,
        period_end_date
    from forecasts
    union all
    select
        coalesce(account_id, '(all)') as account_id,
        coalesce(tier, '(all)') as subscription_tier,
        '(all)' as team,
        count(*) filter (where is_blocked) as blocked_or_likely_seats,
        usage_month as period_start_date,
        {{ month_end('usage_month') }} as period_end_date
    from charge_months
    where usage_month < month_start_date
    group by
        usage_month,
        cube(account_id, tier)
),

-- A scope without use has no overage; use with unknown overage makes the cost unknown.
month_costs as (
    select
        seat_months.account_id,
        seat_months.subscription_tier,
        seat_months.team,
        seat_months.subscription_cost_usd
        + case when overage_months.account_id is null then 0 else overage_months.overage_usd end
            as month_cost_usd,
        seat_months.subscription_cost_usd,
        seat_months.period_start_date,
        seat_months.period_end_date
    from seat_months
    left join overage_months
        on
            seat_months.account_id = overage_months.account_id
            and seat_months.subscription_tier = overage_months.subscription_tier
            and seat_months.team = overage_months.team
            and seat_months.period_end_date = overage_months.period_end_date
),

outlooks as (
    select
        overage_outlook.account_id,
        '(all)' as subscription_tier,
        overage_outlook.team,
        overage_outlook.overage_p80_usd,
        month_costs.subscription_cost_usd + overage_outlook.overage_p80_usd as month_cost_p80_usd,
        overage_outlook.worst_case_overage_usd as overage_worst_case_usd,
        overage_outlook.budget_usd as overage_budget_usd,
        overage_outlook.usage_month as period_start_date,
        overage_outlook.as_of_date as period_end_date
    from overage_outlook
    left join month_costs
        on
            overage_outlook.account_id = month_costs.account_id
            and month_costs.subscription_tier = '(all)'
            and overage_outlook.team = month_costs.team
            and overage_outlook.as_of_date = month_costs.period_end_date
),

-- No advice means no savings: the scopes are those of the seats.
advised as (
    select
        {{ scope_columns() }},
        sum(coalesce(monthly_savings_usd, 0)) as advised_savings_usd
    from scoped_actions
    group by cube(account_id, tier, team)
),

advice as (
    select
        seats_now.account_id,
        seats_now.subscription_tier,
        seats_now.team,
        coalesce(advised.advised_savings_usd, 0) as advised_savings_usd,
        seats_now.period_start_date,
        seats_now.period_end_date
    from seats_now
    left join advised
        on
            seats_now.account_id = advised.account_id
            and seats_now.subscription_tier = advised.subscription_tier
            and seats_now.team = advised.team
),

-- A sum over accounts is unknown if any account's is unknown.
active_weeks as (
    select
        coalesce(adoption_daily.account_id, '(all)') as account_id,
        '(all)' as subscription_tier,
        '(all)' as team,
        case
            when count(adoption_daily.weekly_active_users) = count(*)
                then sum(adoption_daily.weekly_active_users)
        end as weekly_active_users,
        windows.period_start_date,
        windows.period_end_date
    from adoption_daily
    inner join windows
        on
            adoption_daily.activity_date = windows.period_end_date
            and windows.days = 7
    group by
        windows.period_start_date,
        windows.period_end_date,
        cube(adoption_daily.account_id)
),

-- Weeks are not compared if a file of either is missing.
incomplete_accounts as (
    select distinct report_delivery.account_id
    from report_delivery
    inner join windows
        on
            report_delivery.activity_date between windows.period_start_date
            and windows.period_end_date
            and windows.days = 7
    where report_delivery.status = 'missing'
),

message_days as (
    select
        model_mix_daily.account_id,
        model_mix_daily.subscription_tier as tier,
        case
            when windows.days_before = 0 or incomplete_accounts.account_id is null
                then model_mix_daily.messages
        end as messages,
        windows.days_before > 0 and incomplete_accounts.account_id is not null as is_unknown,
        windows.period_start_date,
        windows.period_end_date
    from model_mix_daily
    inner join windows
        on
            model_mix_daily.activity_date between windows.period_start_date
            and windows.period_end_date
            and windows.days = 7
    left join incomplete_accounts
        on model_mix_daily.account_id = incomplete_accounts.account_id
),

message_weeks as (
    select
        coalesce(account_id, '(all)') as account_id,
        coalesce(tier, '(all)') as subscription_tier,
        '(all)' as team,
        case when count(*) filter (where is_unknown) = 0 then sum(messages) end as messages,
        period_start_date,
        period_end_date
    from message_days
    group by
        period_start_date,
        period_end_date,
        cube(account_id, tier)
),

delivery_months as (
    select
        coalesce(report_delivery.account_id, '(all)') as account_id,
        '(all)' as subscription_tier,
        '(all)' as team,
        count(*) filter (where report_delivery.status = 'missing') as missing_files,
        windows.period_start_date,
        windows.period_end_date
    from report_delivery
    inner join windows
        on
            report_delivery.activity_date between windows.period_start_date
            and windows.period_end_date
            and windows.days = 30
    group by
        windows.period_start_date,
        windows.period_end_date,
        cube(report_delivery.account_id)
),

figures as (
    {%- for table, names in figures.items() %}
        {%- for name in names %}
            select
                '{{ name }}' as figure,
                account_id,
                subscription_tier,
                team,
                cast({{ name }} as decimal(38, 6)) as value,
                cast(null as decimal(38, 6)) as numerator,
                cast(null as decimal(38, 6)) as denominator,
                period_start_date,
                period_end_date
            from {{ table }}
            union all
        {%- endfor %}
    {%- endfor %}
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
    from seat_months
)

select
    -- ids
    figures.account_id,

    -- text
    figures.figure,
    figures.subscription_tier,
    figures.team,
    definitions.unit,
    definitions.definition,

    -- numbers
    figures.value,
    previous.value as previous_value,
    figures.numerator,
    figures.denominator,

    -- dates
    figures.period_start_date,
    figures.period_end_date
from figures
inner join definitions
    on figures.figure = definitions.figure
-- The earlier period ends on the day before.
left join figures as previous
    on
        figures.figure = previous.figure
        and figures.account_id = previous.account_id
        and figures.subscription_tier = previous.subscription_tier
        and figures.team = previous.team
        and previous.period_end_date = {{ add_days('figures.period_start_date', -1) }}
where
    -- A cube of no rows still returns one row, without a period.
    figures.period_end_date is not null
    and (
        figures.team = '(all)'
        or exists (select 1 from user_teams)
    )
