with

charges as (
    select * from {{ ref('int_charges_classified') }}
),

reconciliations as (
    select * from {{ ref('int_bill_months_reconciled') }}
),

bill_users as (
    select * from {{ ref('int_bill_users_reconciled') }}
),

accounts as (
    select * from {{ ref('int_accounts_sourced') }}
),

held_seats as (
    select * from {{ ref('int_seats_held') }}
),

passed_over as (
    select * from {{ ref('stg_bill__files_passed_over') }}
),

unreadable_files as (
    select * from {{ ref('stg_bill__unreadable_files') }}
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
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
        || coalesce(usage_type, '(no usage type)') || ': ' || {{ in_words('cost_usd', 2) }}
        || ' USD' as example,
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
    union all
    select
        'billed_user_is_in_no_report' as finding,
        'information' as severity,
        account_id,
        usage_month,
        cast(null as {{ dbt.type_string() }}) as example,
        billed_not_reported_users as affected
    from reconciliations
    where billed_not_reported_users > 0
    union all
    select
        'reported_user_is_not_billed' as finding,
        'warning' as severity,
        account_id,
        usage_month,
        cast(null as {{ dbt.type_string() }}) as example,
        reported_not_billed_users as affected
    from reconciliations
    where reported_not_billed_users > 0
    union all
    -- The month's bill continues after its last report.
    select
        'overage_differs_from_bill' as finding,
        'warning' as severity,
        reconciliations.account_id,
        reconciliations.usage_month,
        cast(
            reconciliations.billed_overage_credits - reconciliations.reported_overage_credits
            as {{ dbt.type_string() }}
        ) || ' credits' as example,
        1 as affected
    from reconciliations
    cross join as_of
    where
        reconciliations.usage_month < as_of.month_start_date
        and abs(
            reconciliations.billed_overage_credits - reconciliations.reported_overage_credits
        ) > 1
    union all
    -- Use within a plan is not always on the bill, but everything on the bill was used.
    select
        'billed_credits_are_in_no_report' as finding,
        'warning' as severity,
        bill_users.account_id,
        bill_users.usage_month,
        bill_users.user_id || ': ' || {{ in_words('bill_users.billed_credits', 2) }}
        || ' credits billed, ' || case
            when bill_users.is_reported then {{ in_words('bill_users.reported_credits', 2) }}
            else 'none'
        end || ' reported' as example,
        1 as affected
    from bill_users
    cross join as_of
    where
        bill_users.usage_month < as_of.month_start_date
        and bill_users.billed_credits
        > case when bill_users.is_reported then bill_users.reported_credits else 0 end + 1
    union all
    select
        'pending_seat_is_billed' as finding,
        'warning' as severity,
        account_id,
        cast(null as date) as usage_month,
        user_id as example,
        1 as affected
    from held_seats
    where
        subscription_status = 'pending'
        and is_billed
    union all
    select
        'bill_is_old' as finding,
        'warning' as severity,
        account_id,
        last_billed_month as usage_month,
        cast(null as {{ dbt.type_string() }}) as example,
        1 as affected
    from accounts
    where
        last_billed_month is not null
        and not is_billed
    union all
    select
        'bill_file_is_passed_over' as finding,
        'information' as severity,
        account_id,
        usage_month,
        file as example,
        1 as affected
    from passed_over
    union all
    select
        'bill_file_is_unreadable' as finding,
        'warning' as severity,
        cast(null as {{ dbt.type_string() }}) as account_id,
        usage_month,
        file || ': ' || problem as example,
        1 as affected
    from unreadable_files
)

select
    -- ids
    account_id,

    -- text
    finding,
    severity,
    'bill' as source,
    min(example) as example,

    -- numbers
    sum(affected) as affected,

    -- dates
    usage_month
from found
group by
    account_id,
    finding,
    severity,
    usage_month
