with

-- Today's forecasts, and those of past months that can be held against what came.
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

peers as (
    select
        peer_rank,
        recency,
        pace,
        origin_day,
        usage_month
    from outcomes
    group by
        peer_rank,
        recency,
        pace,
        origin_day,
        usage_month
),

-- The closest peers that are numerous enough.
ranked as (
    select
        seat_origins.account_id,
        seat_origins.profile_id,
        seat_origins.user_id,
        seat_origins.recency,
        seat_origins.pace,
        seat_origins.origin_day,
        seat_origins.usage_month,
        min(peers.peer_rank) as peer_rank
    from seat_origins
    inner join peers
        on
            seat_origins.origin_day = peers.origin_day
            and seat_origins.usage_month = peers.usage_month
            and peers.recency in (seat_origins.recency, 'any')
            and peers.pace in (seat_origins.pace, 'any')
    group by
        seat_origins.account_id,
        seat_origins.profile_id,
        seat_origins.user_id,
        seat_origins.recency,
        seat_origins.pace,
        seat_origins.origin_day,
        seat_origins.usage_month
),

-- Equally likely month ends of each seat; the high ones are those of a month dear for everybody.
month_ends as (
    select
        seat_origins.*,
        ranked.peer_rank,
        outcomes.outcomes,
        outcomes.outcome_no,
        -- Bounded, so that sums hold.
        cast(
            {{ rounded(
                'least(seat_origins.credits_to_date'
                ~ ' + seat_origins.expected_unseen_credits * outcomes.ratio, 1e11)'
            ) }} as decimal(18, 6)
        ) as demand_credits,
        cast(
            {{ rounded(
                'least(seat_origins.credits_to_date'
                ~ ' + seat_origins.expected_unseen_credits * outcomes.ratio'
                ~ ' * (1 + month_errors.month_error), 1e11)'
            ) }} as decimal(18, 6)
        ) as high_demand_credits
    from seat_origins
    cross join month_errors
    inner join ranked
        on
            {{ same_seat('seat_origins', 'ranked') }}
            and seat_origins.origin_day = ranked.origin_day
            and seat_origins.usage_month = ranked.usage_month
    inner join outcomes
        on {{ same_peers('ranked', 'outcomes') }}
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
    max(peer_rank) as peer_rank,
    max(outcomes) as outcomes,
    {{ mean('demand_credits') }} as demand_mean_credits,
    {%- for percent in [10, 50, 80, 90] %}
    -- The middle of the two slices that the percentile parts.
    {{ mean(
        'case when outcome_no in (' ~ percent // 2 ~ ', ' ~ (percent // 2 + 1) ~ ') '
        ~ 'then demand_credits end'
    ) }} as demand_p{{ percent }}_credits,
    {%- endfor %}
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
