-- What does an active user cost, by month and account? A user with two seats counts as two; one
-- unknown cost makes the sum unknown.
with

monthly as (
    select
        usage_month,
        account_id,
        sum(seats) as seats,
        sum(active_seats) as active_seats,
        case
            when count(subscription_cost_usd + overage_cost_usd) = count(*)
                then sum(subscription_cost_usd + overage_cost_usd)
        end as cost_usd
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
    round(cost_usd / nullif(active_seats, 0), 2) as cost_per_active_seat_usd
from monthly
order by
    usage_month desc,
    account_id asc;
