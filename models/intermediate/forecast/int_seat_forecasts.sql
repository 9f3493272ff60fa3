with

-- Today's forecasts, and past forecasts that can be compared with the actual credits.
seat_origins as (
    select * from {{ ref('int_seat_origins_expected') }}
    where
        has_history
        and (is_current or (is_sampled and is_known_month))
),

outcomes as (
    select * from {{ ref('int_forecast_outcomes') }}
),

month_errors as (
    select * from {{ ref('int_forecast_month_errors') }}
),

month_ends as (
    {{ month_ends('seat_origins') }}
),

used as (
    select
        *,
        least(demand_credits, coalesce(limit_credits, demand_credits)) as used_credits,
        least(high_demand_credits, coalesce(limit_credits, high_demand_credits))
            as high_used_credits
    from month_ends
),

limited as (
    select
        *,
        case
            when not overage_enabled then 0
            when overage_enabled and used_credits <= monthly_allowance then 0
            when overage_enabled then used_credits - monthly_allowance
        end as overage_credits,
        case
            when not overage_enabled then 0
            when overage_enabled and high_used_credits <= monthly_allowance then 0
            when overage_enabled then high_used_credits - monthly_allowance
        end as high_overage_credits,
        case
            when demand_credits > limit_credits then demand_credits - limit_credits
            when demand_credits <= limit_credits then 0
        end as unmet_credits,
        case
            when demand_credits >= breach_credits then 1
            when demand_credits < breach_credits then 0
        end as is_over_allowance,
        case
            when demand_credits > limit_credits then 1
            when demand_credits <= limit_credits then 0
        end as is_over_limit
    from used
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- numbers
    origin_day,
    max(outcomes) as outcomes,
    {{ mean('demand_credits') }} as demand_mean_credits,
    {%- for percent in [10, 50, 80, 90] %}
    -- The mean of the slices just below and above the percentile.
    {{ mean(
        'case when outcome_no in (' ~ percent // 2 ~ ', ' ~ (percent // 2 + 1) ~ ') '
        ~ 'then demand_credits end'
    ) }} as demand_p{{ percent }}_credits,
    {%- endfor %}
    -- The mean error of the month-end totals, minus half the mean difference between them.
    {{ rounded(
        'cast(sum(abs(used_credits - month_credits)) as double) / 50'
        ~ ' - cast(sum((2 * outcome_no - 51) * used_credits) as double) / 2500'
    ) }} as crps_credits,
    {{ mean('unmet_credits') }} as unmet_mean_credits,
    {{ mean('overage_credits') }} as overage_mean_credits,
    {{ mean('high_overage_credits') }} as high_overage_mean_credits,
    {{ rounded('stddev_pop(overage_credits)') }} as overage_deviation_credits,
    cast(sum(is_over_allowance) as double) / nullif(count(is_over_allowance), 0)
        as probability_over_allowance,
    cast(sum(is_over_limit) as double) / nullif(count(is_over_limit), 0)
        as probability_over_limit,

    -- booleans
    is_current,

    -- dates
    usage_month
from limited
group by
    account_id,
    profile_id,
    user_id,
    origin_day,
    is_current,
    usage_month
