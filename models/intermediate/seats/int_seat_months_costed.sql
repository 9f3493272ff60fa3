with

billed_seats as (
    select * from {{ ref('int_seats_billed') }}
),

seat_months as (
    select * from {{ ref('int_seat_months') }}
),

billed_accounts as (
    select
        account_id,
        usage_month,
        bool_or(is_subscribed) as has_subscriptions
    from billed_seats
    group by
        account_id,
        usage_month
),

billed as (
    select
        account_id,
        profile_id,
        user_id,
        usage_month,
        'bill' as cost_source,
        subscription_tier,
        subscription_amount,
        overage_credits,
        {%- for kind in cost_kinds() %}
            {{ kind }}_cost_usd,
        {%- endfor %}
        subscription_list_cost_usd,
        overage_list_cost_usd,
        is_subscribed,
        is_unpriced
    from billed_seats
),

-- Costs from the plan seed: all costs if there is no bill, and only the subscription if the bill
-- has no subscriptions.
listed as (
    select
        seat_months.account_id,
        seat_months.profile_id,
        seat_months.user_id,
        seat_months.usage_month,
        'list_price' as cost_source,
        seat_months.subscription_tier,
        cast(1 as decimal(28, 10)) as subscription_amount,
        cast(
            case
                when billed_accounts.account_id is null then seat_months.overage_credits_used
            end as decimal(28, 10)
        ) as overage_credits,
        cast(seat_months.monthly_price_usd as decimal(28, 10)) as subscription_cost_usd,
        cast(
            case
                when billed_accounts.account_id is null then seat_months.overage_cost_usd
                else 0
            end as decimal(28, 10)
        ) as overage_cost_usd,
        {%- for kind in cost_kinds() if kind not in ('subscription', 'overage') %}
            cast(0 as decimal(28, 10)) as {{ kind }}_cost_usd,
        {%- endfor %}
        -- The seed's prices count as actual costs, because no other prices are known.
        cast(null as decimal(28, 10)) as subscription_list_cost_usd,
        cast(null as decimal(28, 10)) as overage_list_cost_usd,
        true as is_subscribed,
        seat_months.monthly_price_usd is null
        or (billed_accounts.account_id is null and seat_months.overage_cost_usd is null)
            as is_unpriced
    from seat_months
    left join billed_accounts
        on
            seat_months.account_id = billed_accounts.account_id
            and seat_months.usage_month = billed_accounts.usage_month
    where not coalesce(billed_accounts.has_subscriptions, false)
),

costs as (
    select * from billed
    union all
    select * from listed
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
    {%- for kind in cost_kinds() %}
        {{ kind }}_cost_usd,
    {%- endfor %}
    cast(
        {%- for kind in cost_kinds() %}
            {{ '+ ' if not loop.first }}coalesce({{ kind }}_cost_usd, 0)
        {%- endfor %}
        as decimal(28, 10)
    ) as total_cost_usd,
    subscription_list_cost_usd,
    overage_list_cost_usd,

    -- booleans
    is_subscribed,
    is_unpriced,

    -- dates
    usage_month
from costs
