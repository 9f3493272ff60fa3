{%- set level_keys = ['origin_day', 'usage_month', 'level'] -%}

with

seat_origins as (
    select * from {{ ref('int_seat_origins_expected') }}
),

priors as (
    select * from {{ ref('forecast_priors') }}
),

paces as (
    {%- for pace in ['far below', 'below', 'as', 'above'] %}
        select '{{ pace }}' as pace
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
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

-- Forecast outcomes known before the target month, weighted by expected credits.
past as (
    select
        targets.origin_day,
        targets.usage_month,
        seat_origins.level,
        seat_origins.pace,
        seat_origins.outcome_ratio as ratio,
        cast({{ rounded('sqrt(seat_origins.expected_later_credits)') }} as decimal(18, 6))
            as weight
    from targets
    inner join seat_origins
        on
            targets.origin_day = seat_origins.origin_day
            and targets.usage_month > seat_origins.usage_month
    where
        seat_origins.is_sampled
        and seat_origins.has_history
        and seat_origins.outcome_ratio is not null
        and seat_origins.expected_later_credits > 0
),

presets as (
    select
        targets.origin_day,
        targets.usage_month,
        priors.level,
        priors.outcome_no,
        priors.ratio
    from targets
    cross join priors
),

level_outcomes as (
    {{ pooled_slices('past', 'presets', level_keys) }}
),

level_pace_outcomes as (
    select
        level_outcomes.*,
        paces.pace
    from level_outcomes
    cross join paces
),

outcomes as (
    {{ pooled_slices('past', 'level_pace_outcomes', level_keys + ['pace']) }}
),

counts as (
    select
        {{ level_keys | join(', ') }},
        count(*) as outcomes
    from past
    group by {{ level_keys | join(', ') }}
)

select
    -- text
    outcomes.pace,

    -- numbers
    outcomes.origin_day,
    outcomes.level,
    outcomes.outcome_no,
    coalesce(counts.outcomes, 0) as outcomes,
    {{ rounded('outcomes.ratio') }} as ratio,

    -- dates
    outcomes.usage_month
from outcomes
left join counts
    on
        outcomes.origin_day = counts.origin_day
        and outcomes.usage_month = counts.usage_month
        and outcomes.level = counts.level
