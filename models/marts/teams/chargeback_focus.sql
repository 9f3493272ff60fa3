-- The specification spells its columns this way.
-- noqa: disable=CP02
{%- set in_detail = setting('chargeback_in_detail') %}

with

costs as (
    select * from {{ ref('int_seat_months_costed') }}
),

billed_charges as (
    select * from {{ ref('int_charges_classified') }}
),

payers as (
    select
        account_id,
        usage_month,
        max(payer_account_id) as payer_account_id,
        -- If there are several invoices, it is unknown which one includes whom.
        case
            when count(*) = count(invoice_id) and min(invoice_id) = max(invoice_id)
                then max(invoice_id)
        end as invoice_id
    from billed_charges
    group by
        account_id,
        usage_month
),

-- AWS's names for the plans and credits, where each has a single name.
skus as (
    select
        account_id,
        usage_month,
        cost_kind,
        coalesce(case when cost_kind = 'subscription' then subscription_tier end, '') as plan,
        case when min(sku_id) = max(sku_id) then max(sku_id) end as sku_id,
        case when min(sku_price_id) = max(sku_price_id) then max(sku_price_id) end
            as sku_price_id
    from billed_charges
    where cost_kind in ('subscription', 'overage')
    group by
        account_id,
        usage_month,
        cost_kind,
        coalesce(case when cost_kind = 'subscription' then subscription_tier end, '')
),

-- One row per kind of charge.
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
            '{{ kind }}' as cost_kind,
            '{{ category }}' as charge_category,
            '{{ frequency }}' as charge_frequency,
            '{{ description }}'
            {%- if kind == 'subscription' %}
                || ': ' || coalesce(subscription_tier, '(unknown)')
            {%- endif %}
                as charge_description,
            {%- if kind == 'subscription' %}
                coalesce(subscription_tier, '') as plan,
                coalesce(subscription_list_cost_usd, subscription_cost_usd) as list_cost_usd,
            {%- elif kind == 'overage' %}
                '' as plan,
                coalesce(overage_list_cost_usd, overage_cost_usd) as list_cost_usd,
            {%- else %}
                '' as plan,
                {{ kind }}_cost_usd as list_cost_usd,
            {%- endif %}
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
            case
                when charges.unit is not null
                    then coalesce(skus.sku_id, charges.charge_description)
            end as sku_id,
            case
                when charges.unit is not null
                    then coalesce(skus.sku_price_id, skus.sku_id, charges.charge_description)
            end as sku_price_id,
        {%- else %}
            -- One charge per cost center, however few people caused it.
            cast(null as {{ dbt.type_string() }}) as account_id,
            'Usage' as charge_category,
            'Usage-Based' as charge_frequency,
            'Kiro' as charge_description,
            'Months' as unit,
            cast(null as decimal(28, 10)) as quantity,
            'Kiro' as sku_id,
            'Kiro' as sku_price_id,
        {%- endif %}
        payers.invoice_id,
        charges.cost_usd,
        charges.list_cost_usd
    from charges
    left join payers
        on
            charges.account_id = payers.account_id
            and charges.usage_month = payers.usage_month
    {%- if in_detail %}
        left join skus
            on
                charges.account_id = skus.account_id
                and charges.usage_month = skus.usage_month
                and charges.cost_kind = skus.cost_kind
                and charges.plan = skus.plan
    {%- endif %}
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
        sku_id,
        sku_price_id,
        case
            when count(*) = count(invoice_id) and min(invoice_id) = max(invoice_id)
                then max(invoice_id)
        end as invoice_id,
        sum(cost_usd) as cost_usd,
        sum(list_cost_usd) as list_cost_usd,
        {%- if in_detail %}
            -- A refund without other charges has no quantity.
            case when unit is not null then coalesce(sum(quantity), 0) end as quantity
        {%- else %}
            cast(1 as decimal(28, 10)) as quantity
        {%- endif %}
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
        unit,
        sku_id,
        sku_price_id
),

priced as (
    select
        *,
        -- If the amount is below 0, refunds exceed the month's own charges.
        unit is not null and cost_usd < 0 as is_correction,
        {%- for price, cost in [('unit_price', 'cost_usd'), ('list_unit_price', 'list_cost_usd')] %}
            case
                when unit is not null and cost_usd >= 0 and {{ cost }} >= 0
                    then {{ rounded('cast(' ~ cost ~ ' as double) / nullif(quantity, 0)', 10) }}
            end as {{ price }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from grouped
)

select
    {%- for name in ['BilledCost', 'ContractedCost', 'EffectiveCost'] %}
        cast(cost_usd as decimal(28, 10)) as {{ name }},
    {%- endfor %}
    cast(list_cost_usd as decimal(28, 10)) as ListCost,
    billing_account_id as BillingAccountId,
    billing_account_id as BillingAccountName,
    'AWS account' as BillingAccountType,
    'USD' as BillingCurrency,
    cast({{ add_days(month_end('usage_month'), 1) }} as timestamp) as BillingPeriodEnd,
    cast(usage_month as timestamp) as BillingPeriodStart,
    charge_category as ChargeCategory,
    case when is_correction then 'Correction' end as ChargeClass,
    charge_description as ChargeDescription,
    charge_frequency as ChargeFrequency,
    cast({{ add_days(month_end('usage_month'), 1) }} as timestamp) as ChargePeriodEnd,
    cast(usage_month as timestamp) as ChargePeriodStart,
    case when charge_category = 'Usage' then cast(quantity as decimal(28, 10)) end
        as ConsumedQuantity,
    case when charge_category = 'Usage' then unit end as ConsumedUnit,
    cast(unit_price as decimal(28, 10)) as ContractedUnitPrice,
    'AWS' as HostProviderName,
    invoice_id as InvoiceId,
    'AWS' as InvoiceIssuerName,
    cast(list_unit_price as decimal(28, 10)) as ListUnitPrice,
    case when unit is not null then 'Standard' end as PricingCategory,
    cast(quantity as decimal(28, 10)) as PricingQuantity,
    unit as PricingUnit,
    'AWS' as ProviderName,
    'AWS' as PublisherName,
    'Developer Tools' as ServiceCategory,
    'Kiro' as ServiceName,
    'AWS' as ServiceProviderName,
    'Development Environments' as ServiceSubcategory,
    sku_id as SkuId,
    sku_price_id as SkuPriceId,
    account_id as SubAccountId,
    account_id as SubAccountName,
    case when account_id is not null then 'AWS account' end as SubAccountType,
    cost_center as x_CostCenter,
    cost_source as x_CostSource,
    '1.3' as x_FocusVersion
from priced
