with

charges as (
    select * from {{ ref('int_charges_classified') }}
),

users as (
    select * from {{ ref('int_bill_users_reconciled') }}
),

seat_months as (
    select * from {{ ref('int_seat_months') }}
),

-- Every dollar on the bill belongs to one of these kinds.
billed as (
    select
        account_id,
        usage_month,
        coalesce(
            sum(case when charge_kind in ('consumption', 'overage') then usage_amount end), 0
        ) as billed_credits,
        coalesce(sum(case when charge_kind = 'overage' then usage_amount end), 0)
            as billed_overage_credits,
        {%- for kind in [
            'subscription', 'overage', 'discount', 'promotional_credit', 'refund', 'unrecognized'
        ] %}
            coalesce(sum(case when charge_kind = '{{ kind }}' then cost_usd end), 0)
                as {{ kind }}_cost_usd,
        {%- endfor %}
        coalesce(sum(cost_usd), 0) as total_cost_usd,
        coalesce(sum(case when cost_usd is null then line_count end), 0) as unpriced_charges
    from charges
    group by
        account_id,
        usage_month
),

compared as (
    select
        account_id,
        usage_month,
        sum(billed_seats) as billed_seats,
        count(*) filter (where is_subscribed) as billed_users,
        count(*) filter (where is_reported) as reported_users,
        count(*) filter (where is_subscribed and not is_reported) as billed_not_reported_users,
        count(*) filter (where is_reported and not is_subscribed) as reported_not_billed_users,
        sum(reported_credits) as reported_credits,
        sum(reported_overage_credits) as reported_overage_credits
    from users
    group by
        account_id,
        usage_month
),

list_costs as (
    select
        account_id,
        usage_month,
        case when count(overage_cost_usd) = count(*) then sum(overage_cost_usd) end
            as overage_cost_usd,
        sum(case when is_billed then monthly_price_usd end) as subscription_cost_usd
    from seat_months
    group by
        account_id,
        usage_month
)

select
    -- ids
    billed.account_id,

    -- numbers
    cast(coalesce(compared.billed_seats, 0) as bigint) as billed_seats,
    coalesce(compared.billed_users, 0) as billed_users,
    coalesce(compared.reported_users, 0) as reported_users,
    coalesce(compared.billed_not_reported_users, 0) as billed_not_reported_users,
    coalesce(compared.reported_not_billed_users, 0) as reported_not_billed_users,
    cast(billed.billed_credits as decimal(38, 6)) as billed_credits,
    cast(compared.reported_credits as decimal(38, 6)) as reported_credits,
    cast(billed.billed_overage_credits as decimal(38, 6)) as billed_overage_credits,
    cast(compared.reported_overage_credits as decimal(38, 6)) as reported_overage_credits,
    cast(billed.billed_overage_credits - compared.reported_overage_credits as double)
    / nullif(cast(billed.billed_overage_credits as double), 0) as overage_credits_variance,
    cast(billed.subscription_cost_usd as decimal(18, 2)) as billed_subscription_cost_usd,
    cast(list_costs.subscription_cost_usd as decimal(18, 2)) as list_subscription_cost_usd,
    cast(billed.overage_cost_usd as decimal(18, 2)) as billed_overage_cost_usd,
    cast(list_costs.overage_cost_usd as decimal(18, 2)) as reported_overage_cost_usd,
    {%- for name, cost in [
        ('billed_discount_usd', 'discount_cost_usd'),
        ('billed_promotional_credit_usd', 'promotional_credit_cost_usd'),
        ('billed_refund_usd', 'refund_cost_usd'),
        ('billed_unrecognized_cost_usd', 'unrecognized_cost_usd'),
    ] %}
        cast(billed.{{ cost }} as decimal(18, 2)) as {{ name }},
    {%- endfor %}
    cast(
        billed.total_cost_usd - billed.subscription_cost_usd - billed.overage_cost_usd
        - billed.discount_cost_usd - billed.promotional_credit_cost_usd
        - billed.refund_cost_usd - billed.unrecognized_cost_usd as decimal(18, 2)
    ) as billed_other_cost_usd,
    cast(billed.total_cost_usd as decimal(18, 2)) as billed_total_cost_usd,
    cast(billed.unpriced_charges as bigint) as unpriced_charges,

    -- dates
    billed.usage_month
from billed
left join compared
    on
        billed.account_id = compared.account_id
        and billed.usage_month = compared.usage_month
left join list_costs
    on
        billed.account_id = list_costs.account_id
        and billed.usage_month = list_costs.usage_month
