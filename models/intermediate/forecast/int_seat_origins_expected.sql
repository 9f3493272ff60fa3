with

seat_origins as (
    select * from {{ ref('int_seat_origins_observed') }}
),

-- Sums over all of history up to the origin: earlier months, and the origin's up to its day.
summed as (
    select
        *,
        {%- for kind in ['weekday', 'weekend_day'] %}
            coalesce(sum(month_{{ kind }}_weighted_credits) over earlier_months, 0)
            + origin_{{ kind }}_weighted_credits as history_{{ kind }}_weighted_credits,
            cast(
                coalesce(sum(month_observed_{{ kind }}_weight) over earlier_months, 0)
                + observed_{{ kind }}_weight as decimal(38, 6)
            ) as history_{{ kind }}_weight,
        {%- endfor %}
        observed_weekdays + observed_weekend_days as observed_days,
        coalesce(sum(month_observed_weekdays + month_observed_weekend_days) over earlier_months, 0)
        + observed_weekdays + observed_weekend_days as history_days,
        coalesce(origin_last_credits_date, max(month_last_credits_date) over earlier_months)
            as history_last_credits_date
    from seat_origins
    window earlier_months as (
        partition by account_id, profile_id, user_id, origin_day
        order by usage_month
        rows between unbounded preceding and 1 preceding
    )
),

-- A seat counts at most like one that uses up its allowance in twenty days, so that one with a
-- hundred times the others' use does not raise what all are expected to use.
tier_means as (
    select
        origin_day,
        usage_month,
        subscription_tier,
        {%- for kind in ['weekday', 'weekend_day'] %}
            coalesce(
                cast(sum(least(
                    history_{{ kind }}_weighted_credits,
                    cast(
                        coalesce(
                            cast(monthly_allowance as double) / 20 * history_{{ kind }}_weight,
                            history_{{ kind }}_weighted_credits
                        ) as decimal(38, 6)
                    )
                )) as double)
                / nullif(cast(sum(history_{{ kind }}_weight) as double), 0),
                0
            ) as tier_{{ kind }}_credits
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from summed
    group by
        origin_day,
        usage_month,
        subscription_tier
),

-- A seat's own mean, and its tier's as if it were a few of its latest days.
rated as (
    select
        summed.*,
        {%- for kind in ['weekday', 'weekend_day'] %}
            coalesce(
                (
                    cast(summed.history_{{ kind }}_weighted_credits as double)
                    + {{ var('forecast_tier_days') }} * summed.recency_weight
                    * tier_means.tier_{{ kind }}_credits
                ) / nullif(
                    cast(summed.history_{{ kind }}_weight as double)
                    + {{ var('forecast_tier_days') }} * summed.recency_weight,
                    0
                ),
                0
            ) as {{ kind }}_credits
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from summed
    inner join tier_means
        on
            summed.origin_day = tier_means.origin_day
            and summed.usage_month = tier_means.usage_month
            and coalesce(summed.subscription_tier, '') = coalesce(tier_means.subscription_tier, '')
),

expected as (
    select
        *,
        weekday_credits * observed_weekdays + weekend_day_credits * observed_weekend_days
            as expected_seen_credits,
        weekday_credits * weekdays_after + weekend_day_credits * weekend_days_after
            as expected_later_credits,
        weekday_credits * (weekdays_to_date + weekdays_after - observed_weekdays)
        + weekend_day_credits
        * (weekend_days_to_date + weekend_days_after - observed_weekend_days)
            as expected_unseen_credits,
        -- What was not seen of the later days either, is taken to have gone as expected.
        month_credits - origin_credits
        + weekday_credits * (weekdays_after - (month_observed_weekdays - observed_weekdays))
        + weekend_day_credits
        * (weekend_days_after - (month_observed_weekend_days - observed_weekend_days))
            as later_credits
    from rated
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    -- A weekend with the Monday after it is no pause.
    case
        when history_days < {{ var('forecast_minimum_history_days') }} then 'new'
        when {{ days_between('history_last_credits_date', 'observed_date') }} <= 4 then 'steady'
        when {{ days_between('history_last_credits_date', 'observed_date') }} <= 13 then 'pausing'
        else 'silent'
    end as recency,
    case
        when origin_credits < 0.4 * expected_seen_credits then 'far below'
        when origin_credits < 0.8 * expected_seen_credits then 'below'
        when origin_credits > 1.25 * expected_seen_credits then 'above'
        else 'as'
    end as pace,

    -- numbers
    origin_day,
    monthly_allowance,
    overage_cap,
    breach_credits,
    limit_credits,
    origin_credits as credits_to_date,
    month_credits,
    cast(observed_days as bigint) as observed_days,
    cast(history_days as bigint) as history_days,
    {{ rounded('weekday_credits') }} as weekday_credits,
    {{ rounded('weekend_day_credits') }} as weekend_day_credits,
    {{ rounded('expected_later_credits') }} as expected_later_credits,
    {{ rounded('expected_unseen_credits') }} as expected_unseen_credits,
    -- Bounded, so that one seat that came back does not move the mean of its peers.
    case
        when is_known_month and not is_censored and expected_later_credits > 0
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
from expected
