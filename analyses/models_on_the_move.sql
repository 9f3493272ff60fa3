-- Which models gained or lost share of messages this month, compared with all of last month?
with

monthly as (
    select
        usage_month,
        model,
        sum(messages) as messages,
        sum(messages) / sum(sum(messages)) over (partition by usage_month) as share
    from model_mix_monthly
    group by
        usage_month,
        model
),

this_month as (
    select *
    from monthly
    where usage_month = (select max(newest.usage_month) from monthly as newest)
),

last_month as (
    select *
    from monthly
    where usage_month = (
        select max(newest.usage_month)
        from monthly as newest
        where newest.usage_month < (select max(latest.usage_month) from monthly as latest)
    )
)

select
    coalesce(this_month.model, last_month.model) as model,
    round(100 * coalesce(last_month.share, 0), 1) as share_before_percent,
    round(100 * coalesce(this_month.share, 0), 1) as share_percent,
    round(100 * (coalesce(this_month.share, 0) - coalesce(last_month.share, 0)), 1)
        as change_in_points
from this_month
full outer join last_month
    on this_month.model = last_month.model
order by change_in_points desc;
