with

forecasts as (
    select * from {{ ref('int_seat_forecasts') }}
),

seat_origins as (
    select * from {{ ref('int_seat_origins_expected') }}
    where is_known_month and is_sampled
),

seat_months as (
    select * from {{ ref('int_seat_months') }}
),

account_days as (
    select * from {{ ref('int_account_days_covered') }}
),

account_starts as (
    select
        account_id,
        min(first_report_date) as first_report_date
    from account_days
    group by account_id
),

-- Forecasts for past months after a complete month, for comparison. Nobody can exceed the limit, so
-- each method's forecast is capped at it.
closed as (
    select
        forecasts.account_id,
        forecasts.profile_id,
        forecasts.user_id,
        forecasts.origin_day,
        forecasts.usage_month,
        seat_origins.month_credits,
        seat_origins.breach_credits,
        seat_origins.monthly_allowance,
        seat_origins.overage_enabled,
        cast(coalesce(seat_origins.limit_credits, 1e11) as decimal(18, 6)) as usable_credits,
        months.overage_cost_usd,
        months.overage_rate_usd,
        forecasts.demand_mean_credits - coalesce(forecasts.unmet_mean_credits, 0) as mean_credits,
        forecasts.demand_p10_credits,
        forecasts.demand_p50_credits,
        forecasts.demand_p90_credits,
        forecasts.probability_over_allowance,
        forecasts.crps_credits,
        forecasts.overage_mean_credits,
        forecasts.high_overage_mean_credits,
        forecasts.overage_deviation_credits,
        cast(
            {{ rounded(
                'cast(seat_origins.credits_to_date as double) / ('
                ~ days_between('seat_origins.usage_month', 'seat_origins.origin_date')
                ~ ' + 1) * ('
                ~ days_between('seat_origins.usage_month', month_end('seat_origins.usage_month'))
                ~ ' + 1)'
            ) }} as decimal(18, 6)
        ) as linear_pace_credits,
        -- A seat without reports last month used no credits that month.
        coalesce(last_months.credits_used, 0) as last_month_credits
    from forecasts
    inner join seat_origins
        on
            {{ same_seat('forecasts', 'seat_origins') }}
            and forecasts.origin_day = seat_origins.origin_day
            and forecasts.usage_month = seat_origins.usage_month
    inner join account_starts
        on
            forecasts.account_id = account_starts.account_id
            and account_starts.first_report_date
            <= {{ month_start(add_days('forecasts.usage_month', -1)) }}
    left join seat_months as months
        on
            {{ same_seat('forecasts', 'months') }}
            and forecasts.usage_month = months.usage_month
    left join seat_months as last_months
        on
            {{ same_seat('forecasts', 'last_months') }}
            and {{ month_start(add_days('forecasts.usage_month', -1)) }} = last_months.usage_month
),

-- Each method's forecast. For a method without a range, all percentiles are the same figure.
methods as (
    select
        account_id,
        profile_id,
        user_id,
        'forecast' as method,
        origin_day,
        usage_month,
        month_credits,
        breach_credits,
        overage_cost_usd,
        mean_credits,
        least(demand_p10_credits, usable_credits) as p10_credits,
        least(demand_p50_credits, usable_credits) as p50_credits,
        least(demand_p90_credits, usable_credits) as p90_credits,
        crps_credits,
        probability_over_allowance,
        {%- for measure in ['overage_mean', 'high_overage_mean', 'overage_deviation'] %}
            {{ product(measure ~ '_credits', 'overage_rate_usd') }} as {{ measure }}_usd
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from closed
    {%- for method in ['linear_pace', 'last_month'] %}
        {%- set credits = 'least(' ~ method ~ '_credits, usable_credits)' %}
        union all
        select
            account_id,
            profile_id,
            user_id,
            '{{ method }}' as method,
            origin_day,
            usage_month,
            month_credits,
            breach_credits,
            overage_cost_usd,
            {{ credits }} as mean_credits,
            cast(null as decimal(18, 6)) as p10_credits,
            {{ credits }} as p50_credits,
            cast(null as decimal(18, 6)) as p90_credits,
            cast(abs({{ credits }} - month_credits) as double) as crps_credits,
            case
                when {{ method }}_credits >= breach_credits then 1.0
                when {{ method }}_credits < breach_credits then 0.0
            end as probability_over_allowance,
            case
                when not overage_enabled then 0
                when overage_enabled
                    then
                        {{ product(
                            'greatest(' ~ credits ~ ' - monthly_allowance, 0)', 'overage_rate_usd'
                        ) }}
            end as overage_mean_usd,
            cast(null as decimal(38, 6)) as high_overage_mean_usd,
            cast(null as decimal(38, 6)) as overage_deviation_usd
        from closed
    {%- endfor %}
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    method,

    -- numbers
    origin_day,
    month_credits,
    mean_credits,
    p50_credits,
    crps_credits,
    -- Credits are metered to 0.01.
    case
        when month_credits < p10_credits - 0.01 then 0
        when month_credits > p90_credits + 0.01 then 0
        when p10_credits is not null then 1
    end as is_within_80,
    probability_over_allowance,
    case
        when month_credits >= breach_credits then 1
        when month_credits < breach_credits then 0
    end as is_over_allowance,
    overage_cost_usd,
    {%- for measure in ['overage_mean', 'high_overage_mean', 'overage_deviation'] %}
        cast({{ measure }}_usd as decimal(38, 6)) as {{ measure }}_usd,
    {%- endfor %}

    -- dates
    usage_month
from methods
