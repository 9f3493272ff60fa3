-- What is each cost center charged? Each month's total equals the bill, to the cent.
select
    usage_month,
    cost_center,
    cost_source,
    seats,
    subscription_cost_usd,
    overage_cost_usd,
    other_cost_usd,
    total_cost_usd
from chargeback_monthly
order by
    usage_month desc,
    cost_center asc;
