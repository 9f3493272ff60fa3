with

seat_months as (
    select * from {{ ref('int_seat_months_spined') }}
),

costs as (
    select * from {{ ref('int_seat_months_costed') }}
),

used as (
    select
        seat_months.usage_month,
        coalesce(shown_groups.shown_name, '(unassigned)') as team,
        count(distinct seat_months.user_id) as people,
        count(*) filter (where coalesce(seat_months.is_billed, true)) as seats,
        case
            when count(seat_months.is_active_30) > 0
                then
                    count(*) filter (
                        where coalesce(seat_months.is_billed, true) and seat_months.is_active_30
                    )
        end as active_seats,
        sum(seat_months.credits_used) as credits_used,
        sum(
            case
                when seat_months.credits_used < seat_months.monthly_allowance
                    then seat_months.credits_used
                when seat_months.credits_used >= seat_months.monthly_allowance
                    then seat_months.monthly_allowance
            end
        ) as credits_used_in_allowance,
        sum(
            case
                when seat_months.credits_used is not null then seat_months.monthly_allowance
            end
        ) as used_allowance
    from seat_months
    {{ join_shown_group('seat_months', 'team') | indent }}
    group by
        seat_months.usage_month,
        coalesce(shown_groups.shown_name, '(unassigned)')
),

paid as (
    select
        costs.usage_month,
        coalesce(shown_groups.shown_name, '(unassigned)') as team,
        sum(costs.subscription_cost_usd) as subscription_cost_usd,
        sum(costs.overage_cost_usd) as overage_cost_usd,
        sum(costs.total_cost_usd) as total_cost_usd,
        count(*) filter (where costs.is_unpriced) as unpriced_seats
    from costs
    {{ join_shown_group('costs', 'team') | indent }}
    group by
        costs.usage_month,
        coalesce(shown_groups.shown_name, '(unassigned)')
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
    cast(used.credits_used_in_allowance as double) / nullif(used.used_allowance, 0)
        as credit_utilization,
    cast(paid.subscription_cost_usd as decimal(18, 2)) as subscription_cost_usd,
    cast(paid.overage_cost_usd as decimal(18, 2)) as overage_cost_usd,
    cast(paid.total_cost_usd as decimal(18, 2)) as total_cost_usd,
    coalesce(paid.unpriced_seats, 0) as unpriced_seats,

    -- dates
    coalesce(used.usage_month, paid.usage_month) as usage_month
from used
full outer join paid
    on
        used.usage_month = paid.usage_month
        and used.team = paid.team
