-- No figure has two values: headline figures equal those in other tables, plans and teams add up to
-- their account, and parts add up to the whole.
{%- set parts = [
    'seats', 'used_seats', 'unused_seats', 'unknown_seats', 'reclaimable_cost_usd', 'overage_usd',
    'blocked_or_likely_seats', 'advised_savings_usd',
] %}
with

figures as (
    select headline_figures.*
    from {{ ref('headline_figures') }} as headline_figures
    inner join {{ ref('int_as_of_date') }} as as_of
        on headline_figures.period_end_date = as_of.as_of_date
),

-- One row per scope, with one column per figure.
scopes as (
    select
        account_id,
        subscription_tier,
        team,
        {%- for name in parts + [
            'new_seats', 'pending_seats', 'listed_seats', 'blocked_now_seats',
            'blocked_within_7_days_seats', 'blocked_later_seats', 'overage_to_date_usd',
        ] %}
        max(case when figure = '{{ name }}' then value end) as {{ name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    from figures
    group by
        account_id,
        subscription_tier,
        team
),

totals as (
    select
        account_id,
    {%- for name in parts %}
        max(case when subscription_tier = '(all)' and team = '(all)' then {{ name }} end)
            as {{ name }},
        coalesce(
            sum(case when subscription_tier <> '(all)' and team = '(all)' then {{ name }} end), 0
        )
            as {{ name }}_by_tier,
        coalesce(
            sum(case when subscription_tier = '(all)' and team <> '(all)' then {{ name }} end), 0
        )
            as {{ name }}_by_team
        {{- ',' if not loop.last }}
    {%- endfor %}
    from scopes
    group by account_id
),

has_teams as (
    select count(*) > 0 as has_teams
    from {{ ref('user_teams') }}
)

{% for name in parts -%}
    select
        '{{ name }} of plans or teams do not add up to those of account ' || totals.account_id
            as finding
    from totals
    cross join has_teams
    where
        totals.{{ name }} is not null
        and (
            abs(totals.{{ name }} - totals.{{ name }}_by_tier) > 0.01
            or (
                has_teams.has_teams
                and abs(totals.{{ name }} - totals.{{ name }}_by_team) > 0.01
            )
        )
    union all
{% endfor -%}
select 'listed seats differ from used, unused, new and pending seats' as finding
from scopes
where
    listed_seats <> used_seats + unused_seats + unknown_seats + new_seats + pending_seats
    or listed_seats <> seats + pending_seats
    or blocked_or_likely_seats
    <> blocked_now_seats + blocked_within_7_days_seats + blocked_later_seats
union all
select 'the figure differs from overage_outlook' as finding
from scopes
inner join {{ ref('overage_outlook') }} as overage_outlook
    on
        scopes.account_id = overage_outlook.account_id
        and scopes.team = overage_outlook.team
        and scopes.subscription_tier = '(all)'
where
    scopes.team = '(all)'
    and (
        abs(scopes.overage_usd - overage_outlook.expected_overage_usd) > 0.01
        or abs(scopes.overage_to_date_usd - overage_outlook.overage_to_date_usd) > 0.01
        or scopes.blocked_or_likely_seats <> overage_outlook.blocked_or_heading_seats
        or (scopes.overage_usd is null) <> (overage_outlook.expected_overage_usd is null)
    )
union all
select 'the savings differ from recommended_actions' as finding
from (
    select coalesce(sum(monthly_savings_usd), 0) as savings_usd
    from {{ ref('recommended_actions') }}
) as advised
inner join scopes
    on
        scopes.account_id = '(all)'
        and scopes.subscription_tier = '(all)'
        and scopes.team = '(all)'
where abs(advised.savings_usd - scopes.advised_savings_usd) > 0.01
