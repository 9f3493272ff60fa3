with

charges as (
    select * from {{ ref('stg_bill__charges') }}
),

charge_kinds as (
    select * from {{ ref('charge_kinds') }}
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

known as (
    select
        charges.*,
        lower(trim(coalesce(charges.line_type, ''))) as line_type_key,
        lower(trim(coalesce(charges.operation, ''))) as operation_key,
        lower(trim(coalesce(charges.usage_type, ''))) as usage_type_key
    from charges
    cross join as_of
    where
        charges.usage_date <= as_of.as_of_date
        and charges.billing_month <= as_of.month_start_date
),

lines as (
    select distinct
        line_type_key,
        operation_key,
        usage_type_key
    from known
),

-- If several rows match, the one with the longest usage type applies.
ranked as (
    select
        lines.line_type_key,
        lines.operation_key,
        lines.usage_type_key,
        charge_kinds.charge_kind,
        charge_kinds.cost_kind,
        row_number() over (
            partition by lines.line_type_key, lines.operation_key, lines.usage_type_key
            order by
                length(charge_kinds.usage_type) desc,
                length(charge_kinds.operation) desc,
                length(charge_kinds.line_item_type) desc,
                charge_kinds.charge_kind asc
        ) as closeness
    from lines
    inner join charge_kinds
        on
            lines.line_type_key like replace(lower(charge_kinds.line_item_type), '*', '%')
            and lines.operation_key like replace(lower(charge_kinds.operation), '*', '%')
            and lines.usage_type_key like replace(lower(charge_kinds.usage_type), '*', '%')
),

kinds as (
    select
        known.*,
        case
            -- Charged credits are beyond the allowance.
            when ranked.charge_kind = 'consumption' and known.is_priced then 'overage'
            else coalesce(ranked.charge_kind, 'unrecognized')
        end as charge_kind,
        coalesce(ranked.cost_kind, 'unrecognized') as cost_kind,
        case
            -- `USE1-KiroEnterprise-ProPlus`: the plan follows the last hyphen.
            when ranked.cost_kind = 'subscription'
                then regexp_replace(trim(known.usage_type), '^.*-', '')
        end as plan_name
    from known
    left join ranked
        on
            known.line_type_key = ranked.line_type_key
            and known.operation_key = ranked.operation_key
            and known.usage_type_key = ranked.usage_type_key
            and ranked.closeness = 1
)

select
    -- ids
    kinds.account_id,
    kinds.payer_account_id,
    kinds.user_id,

    -- text
    kinds.charge_kind,
    kinds.cost_kind,
    kinds.line_type,
    kinds.operation,
    kinds.usage_type,
    coalesce(plan_prices.subscription_tier, {{ outside_name('kinds.plan_name') }})
        as subscription_tier,
    kinds.currency,
    kinds.invoice_id,
    kinds.sku_id,
    kinds.sku_price_id,

    -- numbers
    kinds.line_count,
    kinds.unread_amounts,
    cast(kinds.usage_amount as decimal(28, 10)) as usage_amount,
    cast(kinds.cost as decimal(28, 10)) as cost,
    -- A finding counts lines in other currencies.
    cast(
        case when coalesce(kinds.currency, 'USD') = 'USD' then kinds.cost end as decimal(28, 10)
    ) as cost_usd,
    cast(
        case when coalesce(kinds.currency, 'USD') = 'USD' then kinds.list_cost end
        as decimal(28, 10)
    ) as list_cost_usd,

    -- booleans
    kinds.lacks_a_file,

    -- dates
    kinds.usage_date,
    kinds.billing_month as usage_month
from kinds
left join plan_prices
    on {{ plan_holds('kinds.plan_name', 'kinds.usage_date') }}
