with

seat_origins as (
    select * from {{ ref('int_seat_origins_expected') }}
    where
        is_sampled
        and has_history
        and outcome_ratio is not null
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

past_months as (
    select
        seat_origins.usage_month,
        sum(cast(seat_origins.expected_later_credits as decimal(38, 6))) as expected_credits,
        sum(
            cast(
                seat_origins.expected_later_credits * seat_origins.outcome_ratio as decimal(38, 6)
            )
        ) as later_credits
    from seat_origins
    cross join as_of
    where
        seat_origins.is_current_day
        and seat_origins.usage_month < as_of.month_start_date
    group by seat_origins.usage_month
),

ratios as (
    select cast(later_credits as double) / nullif(cast(expected_credits as double), 0) as ratio
    from past_months
)

select
    count(ratio) as past_months,
    case
        when count(ratio) >= 3
            then least({{ rounded('stddev_samp(ratio) / nullif(avg(ratio), 0)') }}, 1)
        else {{ var('outlook_month_error') }}
    end as month_error
from ratios
