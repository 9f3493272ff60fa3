-- A month's credits are the same by day, seat, and tier; so are its overage by day and seat, and
-- its overage cost by seat and tier. Months with a blank value are not compared by day, because
-- totals for a seat's unknown month leave out its known days.
with

seat_days as (
    select
        usage_month,
        sum(credits_used) as credits_used,
        count(*) - count(credits_used) as blank_credits,
        sum(overage_credits_used) as overage_credits_used,
        count(*) - count(overage_credits_used) as blank_overage_credits
    from {{ ref('int_seat_days_aggregated') }}
    group by usage_month
),

by_seat as (
    select
        usage_month,
        sum(credits_used) as credits_used,
        sum(overage_credits_used) as overage_credits_used
    from {{ ref('overage_monthly') }}
    group by usage_month
),

costs as (
    select
        usage_month,
        sum(overage_cost_usd) as overage_cost_usd
    from {{ ref('int_seat_months') }}
    where coalesce(is_billed, true)
    group by usage_month
),

by_tier as (
    select
        usage_month,
        sum(credits_used) as credits_used,
        sum(overage_cost_usd) as overage_cost_usd,
        count(*) as tier_count
    from {{ ref('license_utilization_monthly') }}
    group by usage_month
)

select
    by_tier.usage_month,
    seat_days.credits_used,
    by_seat.credits_used as credits_used_by_seat,
    by_tier.credits_used as credits_used_by_tier,
    costs.overage_cost_usd as overage_cost_by_seat_usd,
    by_tier.overage_cost_usd as overage_cost_by_tier_usd
from seat_days
full outer join by_seat
    on seat_days.usage_month = by_seat.usage_month
full outer join by_tier
    on seat_days.usage_month = by_tier.usage_month
left join costs
    on by_tier.usage_month = costs.usage_month
where
    (
        coalesce(seat_days.blank_credits, 0) = 0
        and coalesce(seat_days.credits_used, 0) <> coalesce(by_seat.credits_used, 0)
    )
    or coalesce(by_seat.credits_used, 0) <> coalesce(by_tier.credits_used, 0)
    or (
        coalesce(seat_days.blank_overage_credits, 0) = 0
        and coalesce(seat_days.overage_credits_used, 0) <> coalesce(by_seat.overage_credits_used, 0)
    )
    -- Costs per tier are rounded to the cent.
    or abs(coalesce(costs.overage_cost_usd, 0) - coalesce(by_tier.overage_cost_usd, 0))
    > 0.005 * by_tier.tier_count
