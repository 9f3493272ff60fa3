with

seat_figures as (
    select * from {{ ref('int_headline_seat_figures') }}
),

overage_figures as (
    select * from {{ ref('int_headline_overage_figures') }}
),

report_figures as (
    select * from {{ ref('int_headline_report_figures') }}
),

overage_outlook as (
    select * from {{ ref('overage_outlook') }}
),

adoption_daily as (
    select * from {{ ref('adoption_daily') }}
),

definitions as (
    select * from {{ ref('headline_definitions') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

subscriptions as (
    select * from seat_figures
    where figure = 'subscription_cost_usd'
),

overages as (
    select * from overage_figures
    where figure = 'overage_usd'
),

-- A scope without use has no overage; use with unknown overage makes the cost unknown.
month_costs as (
    select
        subscriptions.account_id,
        subscriptions.subscription_tier,
        subscriptions.team,
        subscriptions.value + case when overages.figure is null then 0 else overages.value end
            as month_cost_usd,
        subscriptions.period_start_date,
        subscriptions.period_end_date
    from subscriptions
    left join overages
        on
            subscriptions.account_id = overages.account_id
            and subscriptions.subscription_tier = overages.subscription_tier
            and subscriptions.team = overages.team
            and subscriptions.period_end_date = overages.period_end_date
),

budgets as (
    {{ budgets('team_budgets_usd', 'team') }}
),

team_budgets as (
    select
        month_costs.account_id,
        month_costs.subscription_tier,
        month_costs.team,
        budgets.budget_usd as team_budget_usd,
        budgets.budget_usd - month_costs.month_cost_usd as team_budget_left_usd,
        month_costs.period_start_date,
        month_costs.period_end_date
    from month_costs
    inner join budgets
        on month_costs.team = budgets.team
    inner join as_of
        on month_costs.period_end_date = as_of.as_of_date
    where
        month_costs.account_id = '(all)'
        and month_costs.subscription_tier = '(all)'
),

outlooks as (
    select
        overage_outlook.account_id,
        '(all)' as subscription_tier,
        overage_outlook.team,
        overage_outlook.overage_p80_usd,
        subscriptions.value + overage_outlook.overage_p80_usd as month_cost_p80_usd,
        overage_outlook.worst_case_overage_usd as overage_worst_case_usd,
        overage_outlook.budget_usd as overage_budget_usd,
        overage_outlook.usage_month as period_start_date,
        overage_outlook.as_of_date as period_end_date
    from overage_outlook
    left join subscriptions
        on
            overage_outlook.account_id = subscriptions.account_id
            and subscriptions.subscription_tier = '(all)'
            and overage_outlook.team = subscriptions.team
            and overage_outlook.as_of_date = subscriptions.period_end_date
),

-- This week and the one before. A sum over accounts is unknown if any account's is unknown.
active_weeks as (
    select
        coalesce(adoption_daily.account_id, '(all)') as account_id,
        '(all)' as subscription_tier,
        '(all)' as team,
        case
            when count(adoption_daily.weekly_active_users) = count(*)
                then sum(adoption_daily.weekly_active_users)
        end as weekly_active_users,
        {{ add_days('adoption_daily.activity_date', -6) }} as period_start_date,
        adoption_daily.activity_date as period_end_date
    from adoption_daily
    inner join as_of
        on
            adoption_daily.activity_date = as_of.as_of_date
            or adoption_daily.activity_date = {{ add_days('as_of.as_of_date', -7) }}
    group by
        adoption_daily.activity_date,
        cube(adoption_daily.account_id)
),

figures as (
    select * from seat_figures
    union all
    select * from overage_figures
    union all
    select * from report_figures
    union all
    {{ figures_of('month_costs', ['month_cost_usd']) }}
    union all
    {{ figures_of('team_budgets', ['team_budget_usd', 'team_budget_left_usd']) }}
    union all
    {{ figures_of('outlooks', [
        'overage_p80_usd', 'month_cost_p80_usd', 'overage_worst_case_usd', 'overage_budget_usd',
    ]) }}
    union all
    {{ figures_of('active_weeks', ['weekly_active_users']) }}
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
-- The earlier period ends on the day before this one starts.
left join figures as previous
    on
        figures.figure = previous.figure
        and figures.account_id = previous.account_id
        and figures.subscription_tier = previous.subscription_tier
        and figures.team = previous.team
        and previous.period_end_date = {{ add_days('figures.period_start_date', -1) }}
