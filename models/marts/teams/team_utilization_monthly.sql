with

seat_months as (
    select * from {{ ref('int_seat_months') }}
),

costs as (
    select * from {{ ref('int_seat_months_costed') }}
),

-- If the month's bill is known, only billed seats count as seats; the credits of other reported
-- users still count.
judged as (
    select
        *,
        coalesce(is_billed, true) as is_seat
    from seat_months
),

used as (
    select
        judged.usage_month,
        coalesce(shown_groups.shown_team, '(unassigned)') as team,
        count(distinct case when judged.is_seat then judged.user_id end) as people,
        count(*) filter (where judged.is_seat) as seats,
        case
            when count(judged.is_active_30) > 0
                then count(*) filter (where judged.is_seat and judged.is_active_30)
        end as active_seats,
        sum(judged.credits_used) as credits_used,
        count(*) - count(judged.credits_used) as seats_with_unknown_credits,
        sum(
            case
                when judged.is_seat and judged.credits_used < judged.monthly_allowance
                    then judged.credits_used
                when judged.is_seat and judged.credits_used >= judged.monthly_allowance
                    then judged.monthly_allowance
            end
        ) as credits_used_in_allowance,
        sum(
            case
                when judged.is_seat and judged.credits_used is not null
                    then judged.monthly_allowance
            end
        ) as measured_allowance_credits
    from judged
    {{ join_shown_groups('judged') | indent }}
    group by
        judged.usage_month,
        coalesce(shown_groups.shown_team, '(unassigned)')
),

paid as (
    select
        costs.usage_month,
        coalesce(shown_groups.shown_team, '(unassigned)') as team,
        sum(costs.subscription_cost_usd) as subscription_cost_usd,
        sum(costs.overage_cost_usd) as overage_cost_usd,
        sum(
            costs.total_cost_usd
            - coalesce(costs.subscription_cost_usd, 0)
            - coalesce(costs.overage_cost_usd, 0)
        ) as other_cost_usd,
        sum(costs.total_cost_usd) as total_cost_usd,
        count(*) filter (where costs.is_unpriced) as unpriced_seats
    from costs
    {{ join_shown_groups('costs') | indent }}
    group by
        costs.usage_month,
        coalesce(shown_groups.shown_team, '(unassigned)')
)

select
    -- text
    coalesce(used.team, paid.team) as team,

    -- numbers
    coalesce(used.people, 0) as people,
    coalesce(used.seats, 0) as seats,
    used.active_seats,
    cast(used.active_seats as double) / nullif(used.seats, 0) as seat_utilization,
    cast(used.credits_used as decimal(38, 6)) as credits_used,
    coalesce(used.seats_with_unknown_credits, 0) as seats_with_unknown_credits,
    cast(used.credits_used_in_allowance as double) / nullif(used.measured_allowance_credits, 0)
        as credit_utilization,
    -- A team without charges costs 0.
    {%- for kind in ['subscription', 'overage', 'other', 'total'] %}
        cast(
            case when paid.team is null then 0 else paid.{{ kind }}_cost_usd end as decimal(18, 2)
        ) as {{ kind }}_cost_usd,
    {%- endfor %}
    coalesce(paid.unpriced_seats, 0) as unpriced_seats,

    -- dates
    coalesce(used.usage_month, paid.usage_month) as usage_month
from used
full outer join paid
    on
        used.usage_month = paid.usage_month
        and used.team = paid.team
