-- What does an active user cost, by month and account? A user with two seats counts as two users.
-- If a seat's overage is unknown, only its subscription price counts.
with

monthly as (
    select
        usage_month,
        account_id,
        sum(seats) as seats,
        sum(active_seats) as active_seats,
        sum(subscription_cost_usd + coalesce(overage_cost_usd, 0)) as cost_usd,
        sum(seats_with_unknown_overage_cost) as seats_with_unknown_overage_cost
    from license_utilization_monthly
    group by
        usage_month,
        account_id
)

select
    usage_month,
    account_id,
    seats,
    active_seats,
    cost_usd,
    seats_with_unknown_overage_cost,
    round(cost_usd / nullif(active_seats, 0), 2) as cost_per_active_seat_usd
from monthly
order by
    usage_month desc,
    account_id asc;
