-- Every dollar on the bill belongs to one seat or to no user, and to one kind of cost. A month's
-- costs are the same by seat, in both chargeback tables, and by team.
with

charges as (
    select
        account_id,
        usage_month,
        coalesce(sum(cost_usd), 0) as cost_usd
    from {{ ref('int_charges_classified') }}
    group by
        account_id,
        usage_month
),

billed_seats as (
    select
        account_id,
        usage_month,
        sum(total_cost_usd) as cost_usd
    from {{ ref('int_seat_months_costed') }}
    where cost_source = 'bill'
    group by
        account_id,
        usage_month
),

reconciliations as (
    select
        account_id,
        usage_month,
        billed_total_cost_usd as cost_usd,
        billed_subscription_cost_usd + billed_overage_cost_usd + billed_discount_usd
        + billed_promotional_credit_usd + billed_refund_usd + billed_unrecognized_cost_usd
        + billed_other_cost_usd as cost_of_kinds_usd
    from {{ ref('bill_reconciliation') }}
),

months as (
    select
        usage_month,
        sum(total_cost_usd) as cost_usd
    from {{ ref('int_seat_months_costed') }}
    group by usage_month
),

cost_centers as (
    select
        usage_month,
        sum(total_cost_usd) as cost_usd
    from {{ ref('chargeback_monthly') }}
    group by usage_month
),

focus as (
    select
        cast(BillingPeriodStart as date) as usage_month, -- noqa: CP02
        sum(BilledCost) as cost_usd -- noqa: CP02
    from {{ ref('chargeback_focus') }}
    group by cast(BillingPeriodStart as date) -- noqa: CP02
),

teams as (
    select
        usage_month,
        sum(total_cost_usd) as cost_usd,
        count(*) as team_count
    from {{ ref('team_utilization_monthly') }}
    group by usage_month
)

select
    charges.account_id,
    months.usage_month,
    charges.cost_usd as cost_of_bill_usd,
    billed_seats.cost_usd as cost_by_billed_seat_usd,
    reconciliations.cost_usd as cost_reconciled_usd,
    reconciliations.cost_of_kinds_usd,
    months.cost_usd as cost_by_seat_usd,
    cost_centers.cost_usd as cost_by_cost_center_usd,
    focus.cost_usd as cost_by_focus_row_usd,
    teams.cost_usd as cost_by_team_usd
from months
full outer join charges
    on months.usage_month = charges.usage_month
left join billed_seats
    on
        charges.account_id = billed_seats.account_id
        and charges.usage_month = billed_seats.usage_month
left join reconciliations
    on
        charges.account_id = reconciliations.account_id
        and charges.usage_month = reconciliations.usage_month
left join cost_centers
    on months.usage_month = cost_centers.usage_month
left join focus
    on months.usage_month = focus.usage_month
left join teams
    on months.usage_month = teams.usage_month
where
    coalesce(charges.cost_usd, 0) <> coalesce(billed_seats.cost_usd, 0)
    or months.cost_usd <> coalesce(focus.cost_usd, 0)
    -- Costs per team are rounded to the cent.
    or abs(coalesce(charges.cost_usd, 0) - coalesce(reconciliations.cost_usd, 0)) > 0.005
    or abs(coalesce(charges.cost_usd, 0) - coalesce(reconciliations.cost_of_kinds_usd, 0)) > 0.04
    or abs(months.cost_usd - coalesce(cost_centers.cost_usd, 0)) > 0.005
    or abs(months.cost_usd - coalesce(teams.cost_usd, 0)) > 0.005 * teams.team_count
