with

seat_months as (
    select * from {{ ref('int_seat_months_spined') }}
),

-- Of a month whose bill is known, those that are billed are seats; who else is reported used
-- credits all the same.
counted as (
    select
        *,
        coalesce(is_billed, true) as is_seat
    from seat_months
),

totals as (
    select
        usage_month,
        account_id,
        coalesce(subscription_tier, '(unknown)') as subscription_tier,
        count(*) filter (where is_seat) as seats,
        case when count(is_active_30) > 0 then count(*) filter (where is_seat and is_active_30) end
            as active_seats,
        count(distinct case when is_active_30 then user_id end) as active_users,
        sum(credits_used) as credits_used,
        sum(monthly_allowance) as credits_allowance,
        sum(
            case
                when credits_used < monthly_allowance then credits_used
                when credits_used >= monthly_allowance then monthly_allowance
            end
        ) as credits_used_in_allowance,
        sum(case when credits_used is not null then monthly_allowance end) as used_allowance,
        sum(case
            when credits_used < monthly_allowance then monthly_allowance - credits_used
            when credits_used >= monthly_allowance then 0
        end) as stranded_credits,
        sum(case when is_seat then monthly_price_usd end) as subscription_cost_usd,
        -- One unknown cost makes the sum unknown.
        case when count(overage_cost_usd) = count(*) then sum(overage_cost_usd) end
            as overage_cost_usd
    from counted
    group by
        usage_month,
        account_id,
        coalesce(subscription_tier, '(unknown)')
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
    cast(credits_allowance as decimal(38, 6)) as credits_allowance,
    cast(credits_used_in_allowance as double) / nullif(used_allowance, 0) as credit_utilization,
    cast(stranded_credits as decimal(38, 6)) as stranded_credits,
    cast(subscription_cost_usd as decimal(18, 2)) as subscription_cost_usd,
    cast(overage_cost_usd as decimal(18, 2)) as overage_cost_usd,
    cast(
        {{ rounded(
            'cast(subscription_cost_usd + overage_cost_usd as double) / nullif(active_users, 0)', 2
        ) }} as decimal(18, 2)
    ) as cost_per_active_user_usd,

    -- dates
    usage_month
from totals
