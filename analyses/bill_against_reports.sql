-- Do the bill and the reports agree? Month by month, the largest difference first.
select
    usage_month,
    account_id,
    billed_users,
    reported_users,
    billed_not_reported_users,
    reported_not_billed_users,
    billed_overage_credits,
    reported_overage_credits,
    overage_credits_variance,
    billed_total_cost_usd
from bill_reconciliation
order by
    abs(overage_credits_variance) desc nulls last,
    usage_month desc,
    account_id asc;
