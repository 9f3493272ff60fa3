-- What did each team cost, month by month, and how much of what it paid for was used?
select
    usage_month,
    team,
    people,
    seats,
    active_seats,
    seat_utilization,
    subscription_cost_usd,
    overage_cost_usd,
    other_cost_usd,
    total_cost_usd
from team_utilization_monthly
order by
    usage_month desc,
    total_cost_usd desc nulls last,
    team asc;
