-- A month's credits are the same by day, seat and tier, its overage by day and seat, its overage
-- cost by seat and tier.
with

seat_days as (
    select
        usage_month,
        sum(credits_used) as credits_used,
        sum(overage_credits_used) as overage_credits_used
    from {{ ref('int_seat_days_aggregated') }}
    group by usage_month
),

by_seat as (
    select
        usage_month,
        sum(credits_used) as credits_used,
        sum(overage_credits_used) as overage_credits_used,
        sum(overage_cost_usd) as overage_cost_usd
    from {{ ref('overage_monthly') }}
    group by usage_month
),

by_tier as (
    select
        usage_month,
        sum(credits_used) as credits_used,
        sum(overage_cost_usd) as overage_cost_usd,
        count(*) as tier_count,
        count(overage_cost_usd) as known_costs
    from {{ ref('license_utilization_monthly') }}
    group by usage_month
)

select
    seat_days.usage_month,
    seat_days.credits_used,
    by_seat.credits_used as credits_used_by_seat,
    by_tier.credits_used as credits_used_by_tier,
    by_seat.overage_cost_usd as overage_cost_by_seat_usd,
    by_tier.overage_cost_usd as overage_cost_by_tier_usd
from seat_days
full outer join by_seat
    on seat_days.usage_month = by_seat.usage_month
full outer join by_tier
    on seat_days.usage_month = by_tier.usage_month
where
    coalesce(seat_days.credits_used, 0) <> coalesce(by_seat.credits_used, 0)
    or coalesce(seat_days.credits_used, 0) <> coalesce(by_tier.credits_used, 0)
    or coalesce(seat_days.overage_credits_used, 0) <> coalesce(by_seat.overage_credits_used, 0)
    -- Each tier's cost is rounded to the cent.
    or (
        by_tier.known_costs = by_tier.tier_count
        and abs(by_seat.overage_cost_usd - by_tier.overage_cost_usd) > 0.005 * by_tier.tier_count
    )
