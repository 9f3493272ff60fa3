{%- set outcomes_per_group = 50 -%}

with

seat_origins as (
    select * from {{ ref('int_seat_origins_expected') }}
),

priors as (
    select * from {{ ref('forecast_priors') }}
),

targets as (
    select
        origin_day,
        usage_month
    from seat_origins
    group by
        origin_day,
        usage_month
),

-- What had become of forecasts by the time of the target month: of seats alike in recency and pace,
-- in recency, and of all.
past as (
    select
        targets.origin_day,
        targets.usage_month,
        seat_origins.recency,
        seat_origins.pace,
        seat_origins.outcome_ratio
    from targets
    inner join seat_origins
        on
            targets.origin_day = seat_origins.origin_day
            and targets.usage_month > seat_origins.usage_month
    where
        seat_origins.is_sampled
        and seat_origins.has_history
        and seat_origins.outcome_ratio is not null
),

peers as (
    select
        1 as peer_rank,
        past.*
    from past
    union all
    select
        2 as peer_rank,
        origin_day,
        usage_month,
        recency,
        'any' as pace,
        outcome_ratio
    from past
    union all
    select
        3 as peer_rank,
        origin_day,
        usage_month,
        'any' as recency,
        'any' as pace,
        outcome_ratio
    from past
),

ranked as (
    select
        *,
        count(*) over (
            partition by peer_rank, origin_day, usage_month, recency, pace
        ) as outcomes,
        row_number() over (
            partition by peer_rank, origin_day, usage_month, recency, pace
            order by outcome_ratio
        ) as outcome_rank
    from peers
),

-- Each group's outcomes in fifty equally likely slices.
sliced as (
    select
        peer_rank,
        origin_day,
        usage_month,
        recency,
        pace,
        outcomes,
        cast(floor((outcome_rank - 1) * {{ outcomes_per_group }} / outcomes) as integer) + 1
            as outcome_no,
        cast(sum(outcome_ratio) as double) / count(*) as ratio
    from ranked
    where outcomes >= {{ [var('forecast_minimum_outcomes'), outcomes_per_group] | max }}
    group by
        peer_rank,
        origin_day,
        usage_month,
        recency,
        pace,
        outcomes,
        floor((outcome_rank - 1) * {{ outcomes_per_group }} / outcomes)
)

select
    -- text
    recency,
    pace,

    -- numbers
    peer_rank,
    origin_day,
    outcome_no,
    outcomes,
    ratio,

    -- dates
    usage_month
from sliced
union all
select
    'any' as recency,
    'any' as pace,
    4 as peer_rank,
    targets.origin_day,
    priors.outcome_no,
    0 as outcomes,
    priors.ratio,
    targets.usage_month
from targets
cross join priors
