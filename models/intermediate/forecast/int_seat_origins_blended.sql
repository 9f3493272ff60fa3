{%- set half_lives = var('forecast_half_lives_days') -%}

with

known as (
    select * from {{ ref('int_seat_origins_known') }}
),

-- A seat's daily credits are capped at a twentieth of its allowance, so that one extreme seat does
-- not raise the expectation for all seats.
tier_means as (
    select
        origin_day,
        usage_month,
        subscription_tier,
        {%- for half_life in half_lives %}
            {%- for kind in ['weekday', 'weekend_day'] %}
                {%- set credits = kind ~ '_credits_' ~ half_life %}
                {%- set weight = kind ~ '_weight_' ~ half_life %}
                coalesce(
                    cast(
                        sum(
                            cast(
                                least(
                                    {{ credits }},
                                    coalesce(
                                        cast(monthly_allowance as double) / 20 * {{ weight }},
                                        {{ credits }}
                                    )
                                ) as decimal(18, 6)
                            )
                        ) as double
                    )
                    / nullif(cast(sum({{ weight }}) as double), 0),
                    0
                ) as {{ kind }}_{{ half_life }}
                {%- if not loop.last %},{% endif %}
            {%- endfor %}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from known
    group by
        origin_day,
        usage_month,
        subscription_tier
),

-- The seat's own mean, combined with its tier's mean, which has the weight of a few days.
rated as (
    select
        known.*,
        {%- for half_life in half_lives %}
            {%- for kind in ['weekday', 'weekend_day'] %}
                coalesce(
                    (
                        cast(known.{{ kind }}_credits_{{ half_life }} as double)
                        + {{ var('forecast_tier_days') }} * tier_means.{{ kind }}_{{ half_life }}
                    ) / nullif(
                        cast(known.{{ kind }}_weight_{{ half_life }} as double)
                        + {{ var('forecast_tier_days') }},
                        0
                    ),
                    0
                ) as {{ kind }}_{{ half_life }}
                {%- if not loop.last %},{% endif %}
            {%- endfor %}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from known
    inner join tier_means
        on
            known.origin_day = tier_means.origin_day
            and known.usage_month = tier_means.usage_month
            and coalesce(known.subscription_tier, '') = coalesce(tier_means.subscription_tier, '')
),

-- Two blends: one adapts quickly, one slowly.
blended as (
    {%- for blend, first in [('quick', half_lives[0]), ('slow', half_lives[1])] %}
        select
            rated.*,
            '{{ blend }}' as blend,
            (weekday_{{ first }} + weekday_{{ half_lives[2] }}) / 2 as weekday_credits,
            (weekend_day_{{ first }} + weekend_day_{{ half_lives[2] }}) / 2 as weekend_day_credits
        from rated
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    blend,

    -- numbers
    origin_day,
    monthly_allowance,
    overage_cap,
    breach_credits,
    limit_credits,
    credits_to_date,
    month_credits,
    observed_days,
    history_credits,
    history_active_days,
    history_days,
    weekday_credits,
    weekend_day_credits,
    weekday_credits * observed_weekdays + weekend_day_credits * observed_weekend_days
        as expected_seen_credits,
    weekday_credits * weekdays_after + weekend_day_credits * weekend_days_after
        as expected_later_credits,
    weekday_credits * unseen_weekdays + weekend_day_credits * unseen_weekend_days
        as expected_unseen_credits,
    -- Unobserved later days are assumed to have the expected credits.
    seen_later_credits
    + weekday_credits * unseen_weekdays_after
    + weekend_day_credits * unseen_weekend_days_after as later_credits,

    -- booleans
    overage_enabled,
    is_sampled,
    is_current_day,
    is_current,
    is_known_month,

    -- dates
    usage_month,
    origin_date,
    last_credits_date
from blended
