with

plans as (
    select * from {{ ref('int_billed_plans_counted') }}
),

seats as (
    select * from {{ ref('int_billed_plans_placed') }}
),

-- The first seat gets the remainder of an even split, so that the seats add up to the bill.
shared as (
    select
        seats.account_id,
        seats.profile_id,
        seats.user_id,
        seats.usage_month,
        seats.subscription_tier,
        plans.monthly_allowance_credits,
        plans.billed_credits,
        plans.overage_credits,
        plans.is_subscribed,
        plans.is_unpriced,
        plans.first_billed_date,
        {%- for kind in cost_kinds() %}
            plans.{{ kind }}_charges,
            {%- if kind != 'subscription' %}
                plans.{{ kind }}_cost_usd,
            {%- endif %}
        {%- endfor %}
        plans.overage_list_cost_usd,
        {%- for amount in [
            'subscription_amount', 'subscription_cost_usd', 'subscription_list_cost_usd'
        ] %}
            {%- set even = 'cast(plans.' ~ amount ~ ' as double) / seats.seats' %}
            {%- set part = 'cast(' ~ rounded(even, 10) ~ ' as decimal(26, 10))' %}
            case
                when seats.seat_no > 1 then {{ part }}
                else plans.{{ amount }} - (seats.seats - 1) * {{ part }}
            end as {{ amount }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from seats
    inner join plans
        on
            seats.account_id = plans.account_id
            and seats.user_id = plans.user_id
            and seats.usage_month = plans.usage_month
            and coalesce(seats.subscription_tier, '') = coalesce(plans.subscription_tier, '')
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    {{ highest_tier('monthly_allowance_credits') }} as subscription_tier,

    -- numbers
    cast(sum(subscription_amount) as decimal(28, 10)) as subscription_amount,
    cast(sum(billed_credits) as decimal(28, 10)) as billed_credits,
    cast(sum(overage_credits) as decimal(28, 10)) as overage_credits,
    -- Without charges, the cost is 0; if no charge has a known amount, the cost is unknown.
    {%- for kind in cost_kinds() %}
        cast(
            case when sum({{ kind }}_charges) = 0 then 0 else sum({{ kind }}_cost_usd) end
            as decimal(28, 10)
        ) as {{ kind }}_cost_usd,
    {%- endfor %}
    cast(sum(subscription_list_cost_usd) as decimal(28, 10)) as subscription_list_cost_usd,
    cast(sum(overage_list_cost_usd) as decimal(28, 10)) as overage_list_cost_usd,

    -- booleans
    bool_or(is_subscribed) as is_subscribed,
    bool_or(is_unpriced) as is_unpriced,

    -- dates
    usage_month,
    min(first_billed_date) as first_billed_date
from shared
group by
    account_id,
    profile_id,
    user_id,
    usage_month
