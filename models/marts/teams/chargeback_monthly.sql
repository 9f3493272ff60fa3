with

costs as (
    select * from {{ ref('int_seat_months_costed') }}
),

cost_centers as (
    select
        costs.usage_month,
        coalesce(shown_groups.shown_cost_center, '(unassigned)') as cost_center,
        case
            when min(costs.cost_source) = max(costs.cost_source) then min(costs.cost_source)
            else 'mixed'
        end as cost_source,
        count(*) filter (where costs.is_subscribed) as seats,
        count(*) filter (where costs.is_unpriced) as unpriced_seats,
        sum(coalesce(costs.subscription_cost_usd, 0)) as subscription_cost_usd,
        sum(coalesce(costs.overage_cost_usd, 0)) as overage_cost_usd,
        sum(
            costs.total_cost_usd
            - coalesce(costs.subscription_cost_usd, 0)
            - coalesce(costs.overage_cost_usd, 0)
        ) as other_cost_usd
    from costs
    {{ join_shown_groups('costs') | indent }}
    group by
        costs.usage_month,
        coalesce(shown_groups.shown_cost_center, '(unassigned)')
),

-- One row per cost center and kind of cost.
costs_apart as (
    {%- for cost in ['subscription', 'overage', 'other'] %}
        select
            usage_month,
            cost_center,
            {{ loop.index }} as cost_no,
            {{ cost }}_cost_usd as cost_usd
        from cost_centers
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

running as (
    select
        *,
        sum(cost_usd) over (
            partition by usage_month
            order by cost_center, cost_no
            rows between unbounded preceding and current row
        ) as running_cost_usd
    from costs_apart
),

-- Cents are taken from the running total so that they add up to the month's total.
rounded as (
    select
        usage_month,
        cost_center,
        cost_no,
        cast(running_cost_usd as decimal(18, 2))
        - cast(running_cost_usd - cost_usd as decimal(18, 2)) as cost_usd
    from running
),

summed as (
    select
        usage_month,
        cost_center,
        sum(case when cost_no = 1 then cost_usd end) as subscription_cost_usd,
        sum(case when cost_no = 2 then cost_usd end) as overage_cost_usd,
        sum(case when cost_no = 3 then cost_usd end) as other_cost_usd,
        sum(cost_usd) as total_cost_usd
    from rounded
    group by
        usage_month,
        cost_center
)

select
    -- text
    cost_centers.cost_center,
    cost_centers.cost_source,

    -- numbers
    cost_centers.seats,
    cost_centers.unpriced_seats,
    cast(summed.subscription_cost_usd as decimal(18, 2)) as subscription_cost_usd,
    cast(summed.overage_cost_usd as decimal(18, 2)) as overage_cost_usd,
    cast(summed.other_cost_usd as decimal(18, 2)) as other_cost_usd,
    cast(summed.total_cost_usd as decimal(18, 2)) as total_cost_usd,

    -- dates
    cost_centers.usage_month
from cost_centers
inner join summed
    on
        cost_centers.usage_month = summed.usage_month
        and cost_centers.cost_center = summed.cost_center
