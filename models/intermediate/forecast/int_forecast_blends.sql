with

seat_origins as (
    select * from {{ ref('int_seat_origins_blended') }}
),

-- Each blend's error for seats in use, as a multiple of the allowance, at most 2 per seat.
blend_errors as (
    select
        usage_month,
        {%- for blend in ['quick', 'slow'] %}
            sum(
                cast(
                    {{ rounded(
                        'least(abs(later_credits - expected_later_credits)'
                        ~ ' / cast(monthly_allowance as double), 2)'
                    ) }} as decimal(18, 6)
                )
            ) filter (
                where
                blend = '{{ blend }}'
                and is_sampled
                and later_credits is not null
                and monthly_allowance > 0
                and history_days >= {{ var('forecast_minimum_history_days') }}
                and last_credits_date >= {{ add_days('origin_date', -55) }}
            ) as {{ blend }}_error
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from seat_origins
    group by usage_month
)

-- The slow blend if it was better by at least 1 % in earlier months.
select
    -- text
    case
        when
            sum(slow_error) over earlier_months
            <= 0.99 * sum(quick_error) over earlier_months
            then 'slow'
        else 'quick'
    end as blend,

    -- dates
    usage_month
from blend_errors
window earlier_months as (
    order by usage_month
    rows between unbounded preceding and 1 preceding
)
