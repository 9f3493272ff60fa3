{%- set half_lives = var('forecast_half_lives_days') -%}
{#- Expected days of use ahead, and credits so far / expected so far: the upper ends of classes. -#}
{%- set level_ends = [0.15, 0.3, 0.5, 0.8, 1.3, 2, 3.2, 5, 8] -%}

with

observed as (
    select * from {{ ref('int_seat_origins_observed') }}
),

seat_origins as (
    select * from observed
    where is_forecast
),

month_ends as (
    select * from observed
    where is_month_end
),

-- The months before an origin, as weighted at their ends, weigh less by the time since.
earlier as (
    select
        seat_origins.account_id,
        seat_origins.profile_id,
        seat_origins.user_id,
        seat_origins.origin_day,
        seat_origins.usage_month,
        {%- for half_life in half_lives %}
            {%- set decay -%}
                power(
                    0.5,
                    {{ days_between('month_ends.origin_date', 'seat_origins.origin_date') }}
                    / cast({{ half_life }} as double)
                )
            {%- endset %}
            {%- for kind in ['weekday', 'weekend_day'] %}
                {%- for measure in ['credits', 'weight'] %}
                    {%- set name = kind ~ '_' ~ measure ~ '_' ~ half_life %}
                    sum(
                        cast(
                            {{ rounded('cast(month_ends.' ~ name ~ ' as double) * ' ~ decay) }}
                            as decimal(18, 6)
                        )
                    ) as {{ name }},
                {%- endfor %}
            {%- endfor %}
        {%- endfor %}
        sum(month_ends.credits_to_date) as credits_to_date,
        sum(month_ends.active_days) as active_days,
        sum(month_ends.observed_weekdays + month_ends.observed_weekend_days) as observed_days,
        max(month_ends.last_credits_date) as last_credits_date
    from seat_origins
    inner join month_ends
        on
            {{ same_seat('seat_origins', 'month_ends') }}
            and seat_origins.usage_month > month_ends.usage_month
    group by
        seat_origins.account_id,
        seat_origins.profile_id,
        seat_origins.user_id,
        seat_origins.origin_day,
        seat_origins.usage_month
),

known as (
    select
        seat_origins.*,
        {%- for half_life in half_lives %}
            {%- for kind in ['weekday', 'weekend_day'] %}
                {%- for measure in ['credits', 'weight'] %}
                    {%- set name = kind ~ '_' ~ measure ~ '_' ~ half_life %}
                    seat_origins.{{ name }} + coalesce(earlier.{{ name }}, 0)
                        as history_{{ name }},
                {%- endfor %}
            {%- endfor %}
        {%- endfor %}
        seat_origins.credits_to_date + coalesce(earlier.credits_to_date, 0) as history_credits,
        seat_origins.active_days + coalesce(earlier.active_days, 0) as history_active_days,
        seat_origins.observed_weekdays + seat_origins.observed_weekend_days as observed_days,
        seat_origins.observed_weekdays + seat_origins.observed_weekend_days
        + coalesce(earlier.observed_days, 0) as history_days,
        coalesce(seat_origins.last_credits_date, earlier.last_credits_date)
            as history_last_credits_date,
        month_ends.credits_to_date as month_credits,
        month_ends.observed_weekdays as month_observed_weekdays,
        month_ends.observed_weekend_days as month_observed_weekend_days
    from seat_origins
    left join earlier
        on
            {{ same_seat('seat_origins', 'earlier') }}
            and seat_origins.origin_day = earlier.origin_day
            and seat_origins.usage_month = earlier.usage_month
    left join month_ends
        on
            {{ same_seat('seat_origins', 'month_ends') }}
            and seat_origins.usage_month = month_ends.usage_month
),

-- A seat counts at most like one that uses up its allowance in twenty days, so that one with a
-- hundred times the others' use does not raise what all are expected to use.
tier_means as (
    select
        origin_day,
        usage_month,
        subscription_tier,
        {%- for half_life in half_lives %}
            {%- for kind in ['weekday', 'weekend_day'] %}
                {%- set credits = 'history_' ~ kind ~ '_credits_' ~ half_life %}
                {%- set weight = 'history_' ~ kind ~ '_weight_' ~ half_life %}
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

-- A seat's own mean, and its tier's as if it were a few of its latest days.
rated as (
    select
        known.*,
        {%- for half_life in half_lives %}
            {%- for kind in ['weekday', 'weekend_day'] %}
                coalesce(
                    (
                        cast(known.history_{{ kind }}_credits_{{ half_life }} as double)
                        + {{ var('forecast_tier_days') }} * tier_means.{{ kind }}_{{ half_life }}
                    ) / nullif(
                        cast(known.history_{{ kind }}_weight_{{ half_life }} as double)
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

-- Two blends of memories: quick and slow.
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
),

expected as (
    select
        *,
        weekday_credits * observed_weekdays + weekend_day_credits * observed_weekend_days
            as expected_seen_credits,
        weekday_credits * weekdays_after + weekend_day_credits * weekend_days_after
            as expected_later_credits,
        weekday_credits * unseen_weekdays + weekend_day_credits * unseen_weekend_days
            as expected_unseen_credits,
        -- What was not seen of the later days either, is taken to have gone as expected.
        case
            when is_known_month and not is_censored
                then
                    month_credits - credits_to_date
                    + weekday_credits
                    * (weekdays_after - (month_observed_weekdays - observed_weekdays))
                    + weekend_day_credits
                    * (weekend_days_after - (month_observed_weekend_days - observed_weekend_days))
        end as later_credits
    from blended
),

-- How far each blend missed, of seats in use, in allowances of at most two each.
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
                and history_last_credits_date >= {{ add_days('origin_date', -55) }}
            ) as {{ blend }}_error
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from expected
    group by usage_month
),

-- The organization's blend: the slow one if it was better by a hundredth in the months before.
blends as (
    select
        usage_month,
        case
            when
                sum(slow_error) over earlier_months
                <= 0.99 * sum(quick_error) over earlier_months
                then 'slow'
            else 'quick'
        end as blend
    from blend_errors
    window earlier_months as (
        order by usage_month
        rows between unbounded preceding and 1 preceding
    )
),

chosen as (
    select
        expected.*,
        coalesce(
            expected.expected_later_credits * expected.history_active_days
            / nullif(cast(expected.history_credits as double), 0),
            0
        ) as expected_active_days
    from expected
    inner join blends
        on
            expected.usage_month = blends.usage_month
            and expected.blend = blends.blend
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
    -- Bounded, so that one seat that came back does not move the mean of its peers.
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
