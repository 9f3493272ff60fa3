with

forecasts as (
    select * from {{ ref('int_seat_forecasts') }}
),

seat_origins as (
    select * from {{ ref('int_seat_origins_expected') }}
    where is_known_month and is_sampled
),

seat_months as (
    select * from {{ ref('int_seat_months_spined') }}
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

-- Forecasts of months that are over, with a whole month before them to compare with. Nobody can use
-- more than the limit, so every method's use is taken up to it.
closed as (
    select
        seat_origins.origin_day,
        seat_origins.month_credits,
        seat_origins.breach_credits,
        cast(coalesce(seat_origins.limit_credits, 1e11) as decimal(18, 6)) as usable_credits,
        forecasts.demand_mean_credits - coalesce(forecasts.unmet_mean_credits, 0) as mean_credits,
        forecasts.demand_p10_credits,
        forecasts.demand_p50_credits,
        forecasts.demand_p90_credits,
        forecasts.probability_over_allowance,
        cast(
            {{ rounded(
                'cast(seat_origins.credits_to_date as double) / seat_origins.origin_day * ('
                ~ days_between('seat_origins.usage_month', month_end('seat_origins.usage_month'))
                ~ ' + 1)'
            ) }} as decimal(18, 6)
        ) as linear_pace_credits,
        -- A seat that no report named last month used nothing in it.
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
    left join seat_months as last_months
        on
            {{ same_seat('forecasts', 'last_months') }}
            and {{ month_start(add_days('forecasts.usage_month', -1)) }} = last_months.usage_month
),

methods as (
    select
        'forecast' as method,
        origin_day,
        month_credits,
        breach_credits,
        mean_credits,
        least(demand_p50_credits, usable_credits) as median_credits,
        probability_over_allowance,
        -- Credits are metered to 0.01.
        case
            when month_credits < least(demand_p10_credits, usable_credits) - 0.01 then 0
            when month_credits > least(demand_p90_credits, usable_credits) + 0.01 then 0
            else 1
        end as is_within_80
    from closed
    {%- for method in ['linear_pace', 'last_month'] %}
        union all
        select
            '{{ method }}' as method,
            origin_day,
            month_credits,
            breach_credits,
            least({{ method }}_credits, usable_credits) as mean_credits,
            least({{ method }}_credits, usable_credits) as median_credits,
            case when {{ method }}_credits >= breach_credits then 1.0 else 0.0 end
                as probability_over_allowance,
            null as is_within_80
        from closed
    {%- endfor %}
),

-- Decimals, whose sum does not depend on the order of the rows.
scored as (
    select
        *,
        abs(median_credits - month_credits) as absolute_error_credits,
        mean_credits - month_credits as error_credits,
        case
            when breach_credits is not null
                then
                    cast(
                        {{ rounded(
                            'power(probability_over_allowance'
                            ~ ' - case when month_credits >= breach_credits then 1 else 0 end, 2)'
                        ) }} as decimal(18, 6)
                    )
        end as squared_error
    from methods
)

select
    -- text
    method,

    -- numbers
    cast(origin_day as integer) as origin_day,
    count(*) as forecasts,
    {%- for measure, numerator, denominator in [
        ('wape', 'sum(absolute_error_credits)', 'sum(month_credits)'),
        ('bias', 'sum(error_credits)', 'sum(month_credits)'),
        ('coverage_80', 'sum(is_within_80)', 'count(is_within_80)'),
        ('brier_score', 'sum(squared_error)', 'count(squared_error)'),
    ] %}
        {{ rounded('cast(' ~ numerator ~ ' as double) / nullif(' ~ denominator ~ ', 0)') }}
            as {{ measure }}
        {%- if not loop.last %},{% endif %}
    {%- endfor %}
from scored
group by
    method,
    origin_day
