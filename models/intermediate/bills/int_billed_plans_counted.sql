with

charges as (
    select * from {{ ref('int_charges_classified') }}
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

-- A user's charges for a month, by plan. Charges without a plan (overage) come last.
plans as (
    select
        account_id,
        coalesce(user_id, '(unassigned)') as user_id,
        usage_month,
        subscription_tier,
        cast(sum(case when charge_kind = 'subscription' then usage_amount end) as decimal(28, 10))
            as subscription_amount,
        cast(
            sum(case when charge_kind in ('consumption', 'overage') then usage_amount end)
            as decimal(28, 10)
        ) as billed_credits,
        cast(sum(case when charge_kind = 'overage' then usage_amount end) as decimal(28, 10))
            as overage_credits,
        {%- for kind in cost_kinds() %}
            count(case when cost_kind = '{{ kind }}' then 1 end) as {{ kind }}_charges,
            cast(
                sum(case when cost_kind = '{{ kind }}' then cost_usd end) as decimal(28, 10)
            ) as {{ kind }}_cost_usd,
        {%- endfor %}
        {%- for kind in ['subscription', 'overage'] %}
            cast(
                sum(case when cost_kind = '{{ kind }}' then list_cost_usd end) as decimal(28, 10)
            ) as {{ kind }}_list_cost_usd,
        {%- endfor %}
        -- A charge with an unknown amount or cost still counts as a charge.
        coalesce(sum(case when charge_kind = 'subscription' then usage_amount end), 0) > 0
        or coalesce(sum(case when charge_kind = 'subscription' then cost_usd end), 0) > 0
        or count(
            case
                when charge_kind = 'subscription' and (usage_amount is null or cost_usd is null)
                    then 1
            end
        ) > 0 as is_subscribed,
        bool_or(cost_usd is null) as is_unpriced,
        min(case when charge_kind = 'subscription' then usage_date end) as first_billed_date
    from charges
    group by
        account_id,
        coalesce(user_id, '(unassigned)'),
        usage_month,
        subscription_tier
),

fee_days as (
    select
        account_id,
        user_id,
        usage_month,
        subscription_tier,
        usage_date,
        sum(usage_amount) as amount,
        sum(cost_usd) as cost_usd
    from charges
    where
        charge_kind = 'subscription'
        and user_id is not null
    group by
        account_id,
        user_id,
        usage_month,
        subscription_tier,
        usage_date
),

-- Billed share of the month: by amount or, if lower, by cost.
shares as (
    select
        fee_days.account_id,
        fee_days.user_id,
        fee_days.usage_month,
        fee_days.subscription_tier,
        fee_days.usage_date,
        case
            when
                cast(fee_days.cost_usd as double)
                < cast(fee_days.amount * plan_prices.monthly_price_usd as double)
                then cast(fee_days.cost_usd as double) / plan_prices.monthly_price_usd
            else cast(fee_days.amount as double)
        end as share,
        cast(
            {{ days_between('fee_days.usage_date', month_end('fee_days.usage_month')) }} + 1
            as double
        )
        / ({{ days_between('fee_days.usage_month', month_end('fee_days.usage_month')) }} + 1)
            as share_left
    from fee_days
    left join plan_prices
        on {{ plan_holds('fee_days.subscription_tier', 'fee_days.usage_month') }}
),

-- From its first day on, a seat's fees cover at most the rest of the month; any excess is for a
-- second seat.
filled as (
    select
        *,
        sum(share) over (
            partition by account_id, user_id, usage_month, subscription_tier
            order by usage_date desc
            rows between unbounded preceding and current row
        ) / share_left as seats_from_day
    from shares
    where share_left > 0
),

seat_counts as (
    select
        account_id,
        user_id,
        usage_month,
        subscription_tier,
        sum(share) as share,
        max(seats_from_day) as seats_from_day
    from filled
    group by
        account_id,
        user_id,
        usage_month,
        subscription_tier
)

select
    -- ids
    plans.account_id,
    plans.user_id,

    -- text
    plans.subscription_tier,

    -- numbers
    plans.subscription_amount,
    plans.billed_credits,
    plans.overage_credits,
    {%- for kind in cost_kinds() %}
        plans.{{ kind }}_charges,
        plans.{{ kind }}_cost_usd,
    {%- endfor %}
    plans.subscription_list_cost_usd,
    plans.overage_list_cost_usd,
    plan_prices.monthly_allowance_credits,
    coalesce(seat_counts.share, 0) as share,
    cast(
        greatest(1, coalesce({{ seats_of_amount('seat_counts.seats_from_day') }}, 1)) as integer
    ) as seats,

    -- booleans
    plans.is_subscribed,
    plans.is_unpriced,

    -- dates
    plans.usage_month,
    plans.first_billed_date
from plans
left join seat_counts
    on
        plans.account_id = seat_counts.account_id
        and plans.user_id = seat_counts.user_id
        and plans.usage_month = seat_counts.usage_month
        and plans.subscription_tier = seat_counts.subscription_tier
left join plan_prices
    on {{ plan_holds('plans.subscription_tier', 'plans.usage_month') }}
