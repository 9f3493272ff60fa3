with

headline_figures as (
    select * from {{ ref('headline_figures') }}
),

delivery_alerts as (
    select * from {{ ref('int_delivery_alerts') }}
),

bill_alerts as (
    select * from {{ ref('int_bill_alerts') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

headlines as (
    select
        headline_figures.account_id,
        {%- for figure in [
            'blocked_now_seats', 'blocked_within_7_days_seats', 'blocked_later_seats',
            'blocked_or_likely_seats', 'overage_usd', 'overage_budget_usd', 'reclaimable_seats',
            'reclaimable_cost_usd',
        ] %}
            max(case when headline_figures.figure = '{{ figure }}' then headline_figures.value end)
                as {{ figure }},
        {%- endfor %}
        max(as_of.as_of_date) as as_of_date
    from headline_figures
    inner join as_of
        on headline_figures.period_end_date = as_of.as_of_date
    where
        headline_figures.subscription_tier = '(all)'
        and headline_figures.team = '(all)'
    group by headline_figures.account_id
),

teams as (
    select
        headline_figures.team,
        max(case when headline_figures.figure = 'month_cost_usd' then headline_figures.value end)
            as month_cost_usd,
        max(case when headline_figures.figure = 'team_budget_usd' then headline_figures.value end)
            as team_budget_usd
    from headline_figures
    inner join as_of
        on headline_figures.period_end_date = as_of.as_of_date
    where
        headline_figures.account_id = '(all)'
        and headline_figures.subscription_tier = '(all)'
    group by headline_figures.team
),

measures as (
    select
        'seats_blocked' as alert,
        account_id,
        '(all)' as team,
        cast(blocked_or_likely_seats as double) as measured,
        {{ alert_threshold('alert_blocked_seats') }} as threshold,
        {{ counted(
            'blocked_or_likely_seats', 'seat with overage off is', 'seats with overage off are'
        ) }}
        || ' blocked or likely to be blocked this month: '
        || {{ in_words('blocked_now_seats') }} || ' now, '
        || {{ in_words('blocked_within_7_days_seats') }} || ' within 7 days, '
        || {{ in_words('blocked_later_seats') }} || ' later.' as message
    from headlines
    where account_id <> '(all)'
    union all
    select
        'overage_over_budget' as alert,
        account_id,
        '(all)' as team,
        cast(overage_usd as double) as measured,
        {{ alert_threshold('alert_budget_share') }} * cast(overage_budget_usd as double)
            as threshold,
        'Overage is expected to cost ' || {{ in_usd('overage_usd') }}
        || ' this month; the budget is ' || {{ in_usd('overage_budget_usd') }}
        || '.' as message
    from headlines
    union all
    select
        'team_over_budget' as alert,
        '(all)' as account_id,
        team,
        cast(month_cost_usd as double) as measured,
        {{ alert_threshold('alert_budget_share') }} * cast(team_budget_usd as double)
            as threshold,
        case when team = '(all)' then 'All teams are' else 'Team ' || team || ' is' end
        || ' expected to cost ' || {{ in_usd('month_cost_usd') }}
        || ' this month; the budget is ' || {{ in_usd('team_budget_usd') }}
        || '.' as message
    from teams
    union all
    select
        'overage_expected' as alert,
        account_id,
        '(all)' as team,
        cast(overage_usd as double) as measured,
        {{ alert_threshold('alert_expected_overage_usd') }} as threshold,
        'Overage is expected to cost ' || {{ in_usd('overage_usd') }}
        || ' this month.' as message
    from headlines
    where account_id <> '(all)'
    union all
    select
        'seats_reclaimable' as alert,
        account_id,
        '(all)' as team,
        cast(reclaimable_cost_usd as double) as measured,
        {{ alert_threshold('alert_reclaimable_usd') }} as threshold,
        {{ counted('reclaimable_seats', 'seat', 'seats') }} || ' can be reclaimed, '
        || {{ in_usd('reclaimable_cost_usd') }} || ' per month.' as message
    from headlines
    where account_id <> '(all)'
    union all
    select * from delivery_alerts
    union all
    select * from bill_alerts
)

select
    -- text
    alert,
    account_id,
    team,
    message,

    -- numbers
    cast(measured as double) as measured,
    threshold
from measures
where measured >= threshold
