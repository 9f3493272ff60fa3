-- How much of the paid allowance is left unused each month, by tier?
select
    usage_month,
    subscription_tier,
    sum(credits_allowance) as credits_allowance,
    sum(stranded_credits) as stranded_credits,
    round(100 * sum(stranded_credits) / nullif(sum(credits_allowance), 0), 1) as stranded_percent
from license_utilization_monthly
group by
    usage_month,
    subscription_tier
order by
    usage_month desc,
    subscription_tier asc;
