-- How much of the paid allowance is left unused each month, by tier? Leaves out seats with unknown
-- credits.
select
    usage_month,
    subscription_tier,
    sum(measured_allowance_credits) as allowance_credits,
    sum(stranded_credits) as stranded_credits,
    round(100 * sum(stranded_credits) / nullif(sum(measured_allowance_credits), 0), 1)
        as stranded_percent
from license_utilization_monthly
group by
    usage_month,
    subscription_tier
order by
    usage_month desc,
    subscription_tier asc;
