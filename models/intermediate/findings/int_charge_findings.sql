with

charges as (
    select * from {{ ref('int_charges_classified') }}
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

-- By plan, because a month with a plan change has charges for two plans.
plan_charges as (
    select
        account_id,
        usage_month,
        user_id,
        subscription_tier,
        sum(usage_amount) as usage_amount,
        case when count(cost_usd) = count(*) then sum(cost_usd) end as cost_usd
    from charges
    where
        charge_kind = 'subscription'
        and user_id is not null
    group by
        account_id,
        usage_month,
        user_id,
        subscription_tier
),

bill_months as (
    select
        account_id,
        usage_month,
        count(distinct payer_account_id) as payers,
        min(payer_account_id) as first_payer_account_id,
        count(case when charge_kind = 'subscription' then 1 end) as subscriptions,
        sum(line_count) as line_count
    from charges
    group by
        account_id,
        usage_month
),

found as (
    select
        'charge_is_unrecognized' as finding,
        'warning' as severity,
        account_id,
        usage_month,
        coalesce(line_type, '(no type)') || ', ' || coalesce(operation, '(no operation)') || ', '
        || coalesce(usage_type, '(no usage type)') || ': ' || {{ in_usd('cost_usd') }}
            as example,
        line_count as affected
    from charges
    where charge_kind = 'unrecognized'
    union all
    select
        'name_is_reserved' as finding,
        'information' as severity,
        account_id,
        usage_month,
        {{ reserved_name(['account_id', 'user_id', 'subscription_tier']) }} as example,
        line_count as affected
    from charges
    where {{ reserved_name(['account_id', 'user_id', 'subscription_tier']) }} is not null
    union all
    select
        'charge_is_not_in_usd' as finding,
        'warning' as severity,
        account_id,
        usage_month,
        {{ in_words('cost', 2) }} || ' ' || currency as example,
        line_count as affected
    from charges
    where currency <> 'USD'
    union all
    select
        'charge_is_no_number' as finding,
        'warning' as severity,
        account_id,
        usage_month,
        usage_type as example,
        unread_amounts as affected
    from charges
    where unread_amounts > 0
    union all
    select
        'bill_has_no_subscription' as finding,
        'warning' as severity,
        account_id,
        usage_month,
        cast(null as {{ dbt.type_string() }}) as example,
        line_count as affected
    from bill_months
    where subscriptions = 0
    union all
    select
        'account_is_billed_to_two_payers' as finding,
        'warning' as severity,
        account_id,
        usage_month,
        first_payer_account_id as example,
        payers as affected
    from bill_months
    where payers > 1
    union all
    select
        'billed_plan_has_no_price' as finding,
        'warning' as severity,
        plan_charges.account_id,
        plan_charges.usage_month,
        plan_charges.subscription_tier as example,
        1 as affected
    from plan_charges
    left join plan_prices
        on {{ plan_holds('plan_charges.subscription_tier', 'plan_charges.usage_month') }}
    where plan_prices.tier_key is null
    union all
    select
        'subscription_has_no_user' as finding,
        'warning' as severity,
        account_id,
        usage_month,
        usage_type as example,
        line_count as affected
    from charges
    where
        charge_kind = 'subscription'
        and user_id is null
    union all
    select
        'plan_costs_something_else' as finding,
        'warning' as severity,
        plan_charges.account_id,
        plan_charges.usage_month,
        plan_charges.subscription_tier as example,
        1 as affected
    from plan_charges
    inner join plan_prices
        on {{ plan_holds('plan_charges.subscription_tier', 'plan_charges.usage_month') }}
    where
        abs(plan_charges.cost_usd - plan_charges.usage_amount * plan_prices.monthly_price_usd)
        > 0.01
    union all
    select
        'plan_is_billed_twice' as finding,
        'warning' as severity,
        account_id,
        usage_month,
        user_id as example,
        1 as affected
    from plan_charges
    where {{ seats_of_amount('usage_amount') }} > 1
)

{{ findings_by_month('found', source="'bill'") }}
