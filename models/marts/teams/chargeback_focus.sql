-- The specification writes its columns like this.
-- noqa: disable=CP02
{%- set in_detail = setting('chargeback_in_detail') %}

with

costs as (
    select * from {{ ref('int_seat_months_costed') }}
),

payers as (
    select
        account_id,
        usage_month,
        max(payer_account_id) as payer_account_id
    from {{ ref('int_charges_classified') }}
    group by
        account_id,
        usage_month
),

-- A row per kind of charge.
charges as (
    {%- for kind, category, frequency, description, quantity, unit in [
        ('subscription', 'Purchase', 'Recurring', 'Kiro seats', 'subscription_amount', 'Seat-Months'),
        ('overage', 'Usage', 'Usage-Based', 'Kiro overage credits', 'overage_credits', 'Credits'),
        ('tax', 'Tax', 'Usage-Based', 'Tax on Kiro', 'null', none),
        ('discount', 'Adjustment', 'One-Time', 'Discounts on Kiro', 'null', none),
        ('promotional_credit', 'Credit', 'One-Time', 'Promotional credits for Kiro', 'null', none),
        ('refund', 'Adjustment', 'One-Time', 'Refunds of other Kiro charges', 'null', none),
        ('unrecognized', 'Adjustment', 'One-Time', 'Unrecognized Kiro charges', 'null', none),
    ] %}
        select
            user_id,
            account_id,
            usage_month,
            cost_source,
            '{{ category }}' as charge_category,
            '{{ frequency }}' as charge_frequency,
            '{{ description }}'
            {%- if kind == 'subscription' %}
                || ': ' || coalesce(subscription_tier, '(unknown)')
            {%- endif %}
                as charge_description,
            {{ kind }}_cost_usd as cost_usd,
            cast({{ quantity }} as decimal(28, 10)) as quantity,
            {{ text_literal(unit) }} as unit
        from costs
        where
            {{ kind }}_cost_usd is not null
            and ({{ kind }}_cost_usd <> 0 or {{ quantity }} <> 0)
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

named as (
    select
        coalesce(payers.payer_account_id, charges.account_id) as billing_account_id,
        charges.usage_month,
        coalesce(shown_groups.shown_cost_center, '(unassigned)') as cost_center,
        charges.cost_source,
        {%- if in_detail %}
            charges.account_id,
            charges.charge_category,
            charges.charge_frequency,
            charges.charge_description,
            charges.unit,
            charges.quantity,
        {%- else %}
            -- One charge per cost center, however few people caused a part of it.
            cast(null as {{ dbt.type_string() }}) as account_id,
            'Usage' as charge_category,
            'Usage-Based' as charge_frequency,
            'Kiro' as charge_description,
            cast(null as {{ dbt.type_string() }}) as unit,
            cast(null as decimal(28, 10)) as quantity,
        {%- endif %}
        charges.cost_usd
    from charges
    left join payers
        on
            charges.account_id = payers.account_id
            and charges.usage_month = payers.usage_month
    {{ join_shown_groups('charges') | indent }}
),

grouped as (
    select
        account_id,
        billing_account_id,
        usage_month,
        cost_center,
        case when min(cost_source) = max(cost_source) then min(cost_source) else 'mixed' end
            as cost_source,
        charge_category,
        charge_frequency,
        charge_description,
        unit,
        sum(cost_usd) as cost_usd,
        -- A refund alone has none.
        case when unit is not null then coalesce(sum(quantity), 0) end as quantity
    from named
    group by
        account_id,
        billing_account_id,
        usage_month,
        cost_center,
        {%- if in_detail %}
            cost_source,
        {%- endif %}
        charge_category,
        charge_frequency,
        charge_description,
        unit
)

select
    {%- for name in ['BilledCost', 'ContractedCost', 'EffectiveCost', 'ListCost'] %}
        cast(cost_usd as decimal(28, 10)) as {{ name }},
    {%- endfor %}
    billing_account_id as BillingAccountId,
    billing_account_id as BillingAccountName,
    'AWS account' as BillingAccountType,
    'USD' as BillingCurrency,
    cast({{ add_days(month_end('usage_month'), 1) }} as timestamp) as BillingPeriodEnd,
    cast(usage_month as timestamp) as BillingPeriodStart,
    charge_category as ChargeCategory,
    cast(null as {{ dbt.type_string() }}) as ChargeClass,
    charge_description as ChargeDescription,
    charge_frequency as ChargeFrequency,
    cast({{ add_days(month_end('usage_month'), 1) }} as timestamp) as ChargePeriodEnd,
    cast(usage_month as timestamp) as ChargePeriodStart,
    'AWS' as InvoiceIssuerName,
    cast(quantity as decimal(28, 10)) as PricingQuantity,
    unit as PricingUnit,
    'AWS' as ProviderName,
    'AWS' as PublisherName,
    'Developer Tools' as ServiceCategory,
    'Kiro' as ServiceName,
    'Development Environments' as ServiceSubcategory,
    account_id as SubAccountId,
    account_id as SubAccountName,
    case when account_id is not null then 'AWS account' end as SubAccountType,
    cost_center as x_CostCenter,
    cost_source as x_CostSource
from grouped
