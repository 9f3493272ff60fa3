with

costs as (
    select * from {{ ref('int_seat_months_costed') }}
),

cost_centers as (
    select
        costs.usage_month,
        coalesce(shown_groups.shown_name, '(unassigned)') as cost_center,
        case
            when min(costs.cost_source) = max(costs.cost_source) then min(costs.cost_source)
            else 'mixed'
        end as cost_source,
        count(*) filter (where costs.subscription_amount > 0) as seats,
        count(*) filter (where costs.is_unpriced) as unpriced_seats,
        sum(coalesce(costs.subscription_cost_usd, 0)) as subscription_cost_usd,
        sum(coalesce(costs.overage_cost_usd, 0)) as overage_cost_usd,
        sum(costs.total_cost_usd) as total_cost_usd
    from costs
    {{ join_shown_group('costs', 'cost_center') | indent }}
    group by
        costs.usage_month,
        coalesce(shown_groups.shown_name, '(unassigned)')
),

-- Cents by the running total, so that they add up to the total's.
summed as (
    select
        *,
        {%- for cost in ['subscription_cost_usd', 'overage_cost_usd', 'total_cost_usd'] %}
            cast(
                sum({{ cost }}) over (
                    partition by usage_month
                    order by cost_center
                    rows between unbounded preceding and current row
                ) as decimal(18, 2)
            ) as {{ cost }}_to_here,
            cast(
                coalesce(
                    sum({{ cost }}) over (
                        partition by usage_month
                        order by cost_center
                        rows between unbounded preceding and 1 preceding
                    ),
                    0
                ) as decimal(18, 2)
            ) as {{ cost }}_before
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from cost_centers
),

rounded as (
    select
        *,
        subscription_cost_usd_to_here - subscription_cost_usd_before as subscription_cost_cents_usd,
        overage_cost_usd_to_here - overage_cost_usd_before as overage_cost_cents_usd,
        total_cost_usd_to_here - total_cost_usd_before as total_cost_cents_usd
    from summed
)

select
    -- text
    cost_center,
    cost_source,

    -- numbers
    seats,
    unpriced_seats,
    cast(subscription_cost_cents_usd as decimal(18, 2)) as subscription_cost_usd,
    cast(overage_cost_cents_usd as decimal(18, 2)) as overage_cost_usd,
    cast(
        total_cost_cents_usd - subscription_cost_cents_usd - overage_cost_cents_usd
        as decimal(18, 2)
    ) as other_cost_usd,
    cast(total_cost_cents_usd as decimal(18, 2)) as total_cost_usd,

    -- dates
    usage_month
from rounded
