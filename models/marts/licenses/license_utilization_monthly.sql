with

seat_months as (
    select * from {{ ref('int_seat_months') }}
),

-- If the month's bill is known, only billed seats count as seats; the credits of other reported
-- users still count.
judged as (
    select
        *,
        coalesce(is_billed, true) as is_seat
    from seat_months
),

-- NULL if it is unknown, and for users without a seat.
measured as (
    select
        usage_month,
        account_id,
        coalesce(subscription_tier, '(unknown)') as subscription_tier,
        is_active_30,
        is_seat,
        credits_used,
        case when is_seat then monthly_allowance end as allowance_credits,
        case when is_seat and credits_used is not null then monthly_allowance end
            as measured_allowance_credits,
        case
            when is_seat and credits_used < monthly_allowance then credits_used
            when is_seat and credits_used >= monthly_allowance then monthly_allowance
        end as credits_used_in_allowance,
        case when is_seat then monthly_price_usd end as subscription_cost_usd,
        case when is_seat then overage_cost_usd end as overage_cost_usd,
        case when is_seat then monthly_price_usd + overage_cost_usd end as cost_usd,
        case
            when is_seat and is_active_30 and monthly_price_usd + overage_cost_usd is not null
                then user_id
        end as active_user_id
    from judged
),

totals as (
    select
        usage_month,
        account_id,
        subscription_tier,
        count(*) filter (where is_seat) as seats,
        case when count(is_active_30) > 0 then count(*) filter (where is_seat and is_active_30) end
            as active_seats,
        count(distinct active_user_id) as active_users,
        sum(credits_used) as credits_used,
        count(*) - count(credits_used) as seats_with_unknown_credits,
        sum(allowance_credits) as credits_allowance,
        sum(measured_allowance_credits) as measured_allowance_credits,
        sum(credits_used_in_allowance) as credits_used_in_allowance,
        sum(subscription_cost_usd) as subscription_cost_usd,
        sum(overage_cost_usd) as overage_cost_usd,
        count(*) filter (where is_seat and overage_cost_usd is null)
            as seats_with_unknown_overage_cost,
        sum(cost_usd) as cost_usd
    from measured
    group by
        usage_month,
        account_id,
        subscription_tier
)

select
    -- ids
    account_id,

    -- text
    subscription_tier,

    -- numbers
    seats,
    active_seats,
    cast(active_seats as double) / nullif(seats, 0) as seat_utilization,
    cast(credits_used as decimal(38, 6)) as credits_used,
    seats_with_unknown_credits,
    cast(case when seats = 0 then 0 else credits_allowance end as decimal(38, 6))
        as credits_allowance,
    cast(case when seats = 0 then 0 else measured_allowance_credits end as decimal(38, 6))
        as measured_allowance_credits,
    cast(credits_used_in_allowance as double) / nullif(measured_allowance_credits, 0)
        as credit_utilization,
    cast(
        case when seats = 0 then 0 else measured_allowance_credits - credits_used_in_allowance end
        as decimal(38, 6)
    ) as stranded_credits,
    cast(case when seats = 0 then 0 else subscription_cost_usd end as decimal(18, 2))
        as subscription_cost_usd,
    cast(case when seats = 0 then 0 else overage_cost_usd end as decimal(18, 2))
        as overage_cost_usd,
    seats_with_unknown_overage_cost,
    cast(
        {{ rounded('cast(cost_usd as double) / nullif(active_users, 0)', 2) }} as decimal(18, 2)
    ) as cost_per_active_user_usd,

    -- dates
    usage_month
from totals
