with

forecasts as (
    select * from {{ ref('int_forecasts_scored') }}
),

seats as (
    select
        method,
        origin_day,
        count(*) as forecasts,
        {%- for measure, numerator, denominator in [
            ('wape', 'sum(abs(p50_credits - month_credits))', 'sum(month_credits)'),
            ('wape_mean', 'sum(abs(mean_credits - month_credits))', 'sum(month_credits)'),
            ('bias', 'sum(mean_credits - month_credits)', 'sum(month_credits)'),
            ('crps', 'sum(cast(crps_credits as decimal(38, 6)))', 'sum(month_credits)'),
            ('coverage_80', 'sum(is_within_80)', 'count(is_within_80)'),
            (
                'brier_score',
                'sum(cast(' ~ rounded('power(probability_over_allowance - is_over_allowance, 2)')
                ~ ' as decimal(38, 6)))',
                'count(probability_over_allowance - is_over_allowance)',
            ),
        ] %}
            {{ rounded('cast(' ~ numerator ~ ' as double) / nullif(' ~ denominator ~ ', 0)') }}
                as {{ measure }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from forecasts
    group by
        method,
        origin_day
),

-- What a budget owner asks for: an account's total overage for the month.
totals as (
    select
        method,
        origin_day,
        usage_month,
        account_id,
        sum(overage_cost_usd) as overage_usd,
        sum(overage_mean_usd) as expected_usd,
        sqrt(
            cast(
                sum(
                    cast(
                        {{ rounded('power(cast(overage_deviation_usd as double), 2)') }}
                        as decimal(38, 6)
                    )
                ) as double
            )
            + power(cast(sum(high_overage_mean_usd - overage_mean_usd) as double), 2)
        ) as deviation_usd
    from forecasts
    where overage_cost_usd is not null and overage_mean_usd is not null
    group by
        method,
        origin_day,
        usage_month,
        account_id
),

-- Months without expected or charged overage say nothing about accuracy.
ranged as (
    select
        *,
        case
            when abs(overage_usd - expected_usd) <= 1.2816 * deviation_usd + 0.005 then 1
            when deviation_usd is not null then 0
        end as is_within_80
    from totals
    where overage_usd >= 0.005 or expected_usd >= 0.005
),

dollars as (
    select
        method,
        origin_day,
        count(*) as overage_totals,
        {%- for measure, numerator, denominator in [
            ('overage_wape', 'sum(abs(expected_usd - overage_usd))', 'sum(overage_usd)'),
            ('overage_bias', 'sum(expected_usd - overage_usd)', 'sum(overage_usd)'),
            ('overage_coverage_80', 'sum(is_within_80)', 'count(is_within_80)'),
        ] %}
            {{ rounded('cast(' ~ numerator ~ ' as double) / nullif(' ~ denominator ~ ', 0)') }}
                as {{ measure }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from ranged
    group by
        method,
        origin_day
)

select
    -- text
    seats.method,

    -- numbers
    cast(seats.origin_day as integer) as origin_day,
    seats.forecasts,
    seats.wape,
    seats.wape_mean,
    seats.bias,
    seats.crps,
    seats.coverage_80,
    seats.brier_score,
    coalesce(dollars.overage_totals, 0) as overage_totals,
    dollars.overage_wape,
    dollars.overage_bias,
    dollars.overage_coverage_80
from seats
left join dollars
    on
        seats.method = dollars.method
        and seats.origin_day = dollars.origin_day
