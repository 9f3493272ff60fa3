with

seat_origins as (
    select * from {{ ref('int_seat_origins_expected') }}
),

months as (
    select
        origin_day,
        usage_month,
        {%- for credits in ['expected_later_credits', 'expected_later_credits * outcome_ratio'] %}
            sum(cast({{ credits }} as decimal(38, 6))) filter (
                where is_sampled and has_history and outcome_ratio is not null
            ) as {{ 'expected' if loop.first else 'later' }}_credits
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from seat_origins
    group by
        origin_day,
        usage_month
),

ratios as (
    select
        origin_day,
        usage_month,
        cast(later_credits as double) / nullif(cast(expected_credits as double), 0) as ratio
    from months
)

select
    -- numbers
    origin_day,
    count(ratio) over earlier_months as past_months,
    case
        when count(ratio) over earlier_months >= 3
            then
                least(
                    {{ rounded(
                        'stddev_samp(ratio) over earlier_months'
                        ~ ' / nullif(avg(ratio) over earlier_months, 0)'
                    ) }},
                    1
                )
        else {{ var('outlook_month_error') }}
    end as month_error,

    -- dates
    usage_month
from ratios
window earlier_months as (
    partition by origin_day
    order by usage_month
    rows between unbounded preceding and 1 preceding
)
