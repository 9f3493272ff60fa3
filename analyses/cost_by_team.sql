-- What did each team cost in the last full month, and how much of it was used?
select
    team,
    people,
    seats,
    active_seats,
    seat_utilization,
    subscription_cost_usd,
    overage_cost_usd,
    total_cost_usd
from team_utilization_monthly
where
    usage_month = (
        select max(usage_month) as usage_month
        from team_utilization_monthly
        where usage_month < (select max(usage_month) as usage_month from team_utilization_monthly)
    )
order by
    total_cost_usd desc nulls last,
    team asc;
