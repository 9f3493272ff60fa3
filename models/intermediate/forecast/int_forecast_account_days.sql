{%- set half_lives = var('forecast_half_lives_days') -%}

with

account_days as (
    select * from {{ ref('int_account_days_covered') }}
),

origin_days as (
    select * from {{ ref('int_forecast_origin_days') }}
),

accounts as (
    select distinct account_id from account_days
),

delivered as (
    select
        accounts.account_id,
        origin_days.*,
        case when account_days.is_delivered then 1 else 0 end as delivered_days
    from accounts
    cross join origin_days
    left join account_days
        on
            accounts.account_id = account_days.account_id
            and origin_days.activity_date = account_days.activity_date
)

select
    -- ids
    account_id,

    -- numbers
    origin_day,
    {%- for kind in ['weekday', 'weekend_day'] %}
        {%- set is_kind = 'is_weekend' if kind == 'weekend_day' else 'not is_weekend' %}
        sum(case when {{ is_kind }} then 1 else 0 end) over up_to_date as {{ kind }}s_to_date,
        sum(case when {{ is_kind }} then delivered_days else 0 end) over up_to_date
            as delivered_{{ kind }}s_to_date,
        {%- for half_life in half_lives %}
            cast(
                {{ rounded(
                    'sum(case when ' ~ is_kind ~ ' then delivered_days * weight_' ~ half_life
                    ~ ' else 0 end) over up_to_date'
                ) }} as decimal(18, 6)
            ) as delivered_{{ kind }}_weight_{{ half_life }}_to_date,
        {%- endfor %}
    {%- endfor %}

    -- dates
    usage_month,
    activity_date
from delivered
window up_to_date as (
    partition by account_id, origin_day, usage_month
    order by activity_date
    rows between unbounded preceding and current row
)
