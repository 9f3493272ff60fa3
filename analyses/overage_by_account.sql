-- What does overage cost this month so far, and how many seats are over or heading over?
with

costs as (
    select
        overage.account_id,
        case when count(overage.overage_cost_usd) = count(*) then sum(overage.overage_cost_usd) end
            as overage_cost_usd
    from overage_monthly as overage
    where overage.usage_month = (select max(newest.usage_month) from overage_monthly as newest)
    group by overage.account_id
),

seats as (
    select
        account_id,
        count(*) filter (where risk_band = 'breached') as seats_over,
        count(*) filter (where risk_band in ('high', 'likely')) as seats_heading_over
    from overage_risk
    where risk_kind = 'cost'
    group by account_id
)

select
    seats.account_id,
    round(costs.overage_cost_usd, 2) as overage_cost_usd,
    seats.seats_over,
    seats.seats_heading_over
from seats
left join costs
    on seats.account_id = costs.account_id
order by seats.account_id;
