with

billed_seats as (
    select * from {{ ref('int_seats_billed') }}
),

seat_months as (
    select * from {{ ref('int_seat_months_spined') }}
),

billed_accounts as (
    select distinct
        account_id,
        usage_month
    from billed_seats
),

-- What the bill says where there is one, else what seats and overage cost by the plan seed.
costs as (
    select
        account_id,
        profile_id,
        user_id,
        usage_month,
        'bill' as cost_source,
        subscription_tier,
        subscription_amount,
        overage_credits,
        subscription_cost_usd,
        overage_cost_usd,
        tax_cost_usd,
        adjustment_cost_usd + unknown_cost_usd as adjustment_cost_usd,
        is_unpriced
    from billed_seats
    union all
    select
        seat_months.account_id,
        seat_months.profile_id,
        seat_months.user_id,
        seat_months.usage_month,
        'list_price' as cost_source,
        seat_months.subscription_tier,
        cast(1 as decimal(28, 10)) as subscription_amount,
        cast(seat_months.overage_credits_used as decimal(28, 10)) as overage_credits,
        cast(seat_months.monthly_price_usd as decimal(28, 10)) as subscription_cost_usd,
        cast(seat_months.overage_cost_usd as decimal(28, 10)) as overage_cost_usd,
        cast(0 as decimal(28, 10)) as tax_cost_usd,
        cast(0 as decimal(28, 10)) as adjustment_cost_usd,
        seat_months.monthly_price_usd is null or seat_months.overage_cost_usd is null as is_unpriced
    from seat_months
    left join billed_accounts
        on
            seat_months.account_id = billed_accounts.account_id
            and seat_months.usage_month = billed_accounts.usage_month
    where billed_accounts.account_id is null
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    cost_source,
    subscription_tier,

    -- numbers
    subscription_amount,
    overage_credits,
    subscription_cost_usd,
    overage_cost_usd,
    tax_cost_usd,
    adjustment_cost_usd,
    cast(
        coalesce(subscription_cost_usd, 0) + coalesce(overage_cost_usd, 0) + tax_cost_usd
        + adjustment_cost_usd as decimal(28, 10)
    ) as total_cost_usd,

    -- booleans
    is_unpriced,

    -- dates
    usage_month
from costs
