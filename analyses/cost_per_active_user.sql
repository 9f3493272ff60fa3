-- What does an active user cost, by month and account?
select
    usage_month,
    account_id,
    sum(seats) as seats,
    sum(active_seats) as active_seats,
    sum(subscription_cost_usd) + sum(overage_cost_usd) as cost_usd,
    round(
        (sum(subscription_cost_usd) + sum(overage_cost_usd)) / nullif(sum(active_seats), 0), 2
    ) as cost_per_active_seat_usd
from license_utilization_monthly
group by
    usage_month,
    account_id
order by
    usage_month desc,
    account_id asc;
