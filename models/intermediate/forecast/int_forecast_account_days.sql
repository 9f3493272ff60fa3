with

account_days as (
    select * from {{ ref('int_account_days_covered') }}
),

days as (
    select * from {{ ref('int_forecast_days') }}
),

delivered as (
    select
        account_days.account_id,
        account_days.activity_date,
        account_days.is_delivered and not days.is_weekend as is_weekday,
        account_days.is_delivered and days.is_weekend as is_weekend_day,
        days.recency_weight
    from account_days
    inner join days
        on account_days.activity_date = days.activity_date
)

select
    -- ids
    account_id,

    -- numbers
    {%- for kind in ['weekday', 'weekend_day'] %}
        sum(case when is_{{ kind }} then 1 else 0 end) over up_to_date
            as delivered_{{ kind }}s_to_date,
        sum(case when is_{{ kind }} then recency_weight else 0 end) over up_to_date
            as delivered_{{ kind }}_weight_to_date,
    {%- endfor %}

    -- dates
    activity_date
from delivered
window up_to_date as (
    partition by account_id
    order by activity_date
    rows between unbounded preceding and current row
)
