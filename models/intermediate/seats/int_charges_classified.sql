with

charges as (
    select * from {{ ref('stg_bill__charges') }}
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

named as (
    select
        charges.*,
        -- `USE1-KiroEnterprise-ProPlus`: the plan follows the last hyphen.
        regexp_replace(charges.usage_type, '^.*-', '') as plan_name
    from charges
    cross join as_of
    where
        charges.usage_date <= as_of.as_of_date
        and charges.billing_month <= as_of.month_start_date
),

kinds as (
    select
        *,
        case
            when lower(line_type) = 'tax' then 'tax'
            when lower(line_type) not like '%usage' then 'adjustment'
            when lower(plan_name) = 'credits' then 'overage'
            when lower(operation) = 'monthly-subscription' then 'subscription'
            else 'unknown'
        end as charge_kind
    from named
)

select
    -- ids
    kinds.account_id,
    kinds.payer_account_id,
    kinds.user_id,

    -- text
    kinds.charge_kind,
    kinds.usage_type,
    case
        when kinds.charge_kind = 'subscription'
            then coalesce(plan_prices.subscription_tier, kinds.plan_name)
    end as subscription_tier,
    kinds.currency,

    -- numbers
    kinds.line_count,
    kinds.unread_amounts,
    cast(kinds.usage_amount as decimal(28, 10)) as usage_amount,
    -- Other currencies are not dollars; a finding counts their lines.
    cast(
        case when coalesce(kinds.currency, 'USD') = 'USD' then kinds.cost end as decimal(28, 10)
    ) as cost_usd,

    -- dates
    kinds.usage_date,
    kinds.billing_month as usage_month
from kinds
left join plan_prices
    on {{ plan_holds('kinds.plan_name', 'kinds.usage_date') }}
