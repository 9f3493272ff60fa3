{#- Upper bounds of the levels, in expected days of use ahead. -#}
{%- set level_ends = [0.15, 0.3, 0.5, 0.8, 1.3, 2, 3.2, 5, 8] -%}

with

blended as (
    select * from {{ ref('int_seat_origins_blended') }}
),

blends as (
    select * from {{ ref('int_forecast_blends') }}
),

chosen as (
    select
        blended.*,
        coalesce(
            blended.expected_later_credits * blended.history_active_days
            / nullif(cast(blended.history_credits as double), 0),
            0
        ) as expected_active_days
    from blended
    inner join blends
        on
            blended.usage_month = blends.usage_month
            and blended.blend = blends.blend
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    case
        when credits_to_date < 0.4 * expected_seen_credits then 'far below'
        when credits_to_date < 0.8 * expected_seen_credits then 'below'
        when credits_to_date > 1.25 * expected_seen_credits then 'above'
        else 'as'
    end as pace,

    -- numbers
    origin_day,
    monthly_allowance,
    overage_cap,
    breach_credits,
    limit_credits,
    credits_to_date,
    month_credits,
    cast(observed_days as bigint) as observed_days,
    cast(history_days as bigint) as history_days,
    {{ rounded('weekday_credits') }} as weekday_credits,
    {{ rounded('weekend_day_credits') }} as weekend_day_credits,
    {{ rounded('expected_later_credits') }} as expected_later_credits,
    {{ rounded('expected_unseen_credits') }} as expected_unseen_credits,
    case
        {%- for level_end in level_ends %}
            when {{ rounded('expected_active_days') }} < {{ level_end }} then {{ loop.index0 }}
        {%- endfor %}
        else {{ level_ends | length }}
    end as level,
    -- Capped, so that one returning seat does not move the mean of its peers.
    case
        when later_credits is not null and expected_later_credits > 0
            then
                cast(
                    {{ rounded('least(later_credits / expected_later_credits, 50)') }}
                    as decimal(18, 6)
                )
    end as outcome_ratio,

    -- booleans
    overage_enabled,
    is_sampled,
    is_current_day,
    is_current,
    is_known_month,
    observed_days >= {{ var('forecast_minimum_month_days') }}
    or history_days >= {{ var('forecast_minimum_history_days') }} as has_history,

    -- dates
    usage_month,
    origin_date
from chosen
