-- Which models did people use in the last 28 days, by tier?
select
    subscription_tier,
    model,
    sum(messages) as messages,
    round(100.0 * sum(messages) / sum(sum(messages)) over (partition by subscription_tier), 1)
        as share_percent
from model_mix_daily
where activity_date > (select max(newest.activity_date) from model_mix_daily as newest) - 28
group by
    subscription_tier,
    model
order by
    subscription_tier asc,
    messages desc;
