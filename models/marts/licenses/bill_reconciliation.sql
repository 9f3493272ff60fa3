with

reconciled as (
    select * from {{ ref('int_bill_months_reconciled') }}
)

select
    -- ids
    account_id,

    -- numbers
    billed_seats,
    billed_users,
    reported_users,
    billed_not_reported_users,
    reported_not_billed_users,
    billed_credits,
    reported_credits,
    billed_overage_credits,
    reported_overage_credits,
    overage_credits_variance,
    billed_subscription_cost_usd,
    list_subscription_cost_usd,
    billed_overage_cost_usd,
    reported_overage_cost_usd,
    billed_discount_usd,
    billed_promotional_credit_usd,
    billed_refund_usd,
    billed_unrecognized_cost_usd,
    billed_other_cost_usd,
    billed_total_cost_usd,
    unpriced_charges,

    -- dates
    usage_month
from reconciled
