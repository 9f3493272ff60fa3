with

seat_months as (
    select * from {{ ref('int_seat_months') }}
    where is_current_month and is_observed
),

seat_origins as (
    select * from {{ ref('int_seat_origins_expected') }}
    where is_current
),

forecasts as (
    select * from {{ ref('int_seat_forecasts') }}
),

exhaustions as (
    select * from {{ ref('int_seat_exhaustions_dated') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

forecast_seats as (
    select
        seat_months.*,
        as_of.as_of_date,
        exhaustions.exhaustion_date,
        coalesce(seat_origins.observed_days, 0) as observed_days,
        coalesce(seat_origins.history_days, 0) as history_days,
        forecasts.outcomes,
        forecasts.demand_mean_credits,
        forecasts.demand_p10_credits,
        forecasts.demand_p50_credits,
        forecasts.demand_p80_credits,
        forecasts.demand_p90_credits,
        forecasts.probability_over_allowance,
        case when seat_months.overage_enabled then forecasts.probability_over_limit end
            as probability_over_cap,
        -- Earlier charges remain if overage was switched off or the cap was lowered.
        case
            when forecasts.overage_mean_credits < seat_months.overage_credits_used
                then seat_months.overage_credits_used
            else forecasts.overage_mean_credits
        end as expected_overage_credits,
        forecasts.unmet_mean_credits
    from seat_months
    cross join as_of
    left join seat_origins
        on {{ same_seat('seat_months', 'seat_origins') }}
    left join forecasts
        on
            {{ same_seat('seat_origins', 'forecasts') }}
            and seat_origins.origin_day = forecasts.origin_day
            and seat_origins.usage_month = forecasts.usage_month
    left join exhaustions
        on {{ same_seat('seat_months', 'exhaustions') }}
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    subscription_tier,
    case
        when may_have_other_credits then cast(null as {{ dbt.type_string() }})
        when overage_enabled then 'cost'
        when not overage_enabled then 'blocked'
    end as risk_kind,
    case
        when credits_used >= breach_credits then 'breached'
        when monthly_allowance is null then 'unknown_allowance'
        when demand_mean_credits is null then 'insufficient_history'
        when probability_over_allowance >= {{ var('risk_high_probability') }} then 'high'
        when probability_over_allowance >= {{ var('risk_likely_probability') }} then 'likely'
        when probability_over_allowance >= {{ var('risk_watch_probability') }} then 'watch'
        else 'low'
    end as risk_band,
    case
        when demand_mean_credits is null
            then
                'no forecast: ' || history_days || ' days known, '
                || observed_days || ' of them this month'
        else
            history_days || ' days known; range from '
            || case
                when outcomes < 100
                    then
                        outcomes || ' past months of similar seats and a preset from '
                        || 'real people'
                else outcomes || ' past months of similar seats'
            end
    end as forecast_evidence,

    -- numbers
    credits_used as credits_used_month,
    monthly_allowance,
    overage_cap,
    demand_mean_credits as forecast_credits_mean,
    demand_p10_credits as forecast_credits_p10,
    demand_p50_credits as forecast_credits_p50,
    demand_p80_credits as forecast_credits_p80,
    demand_p90_credits as forecast_credits_p90,
    probability_over_allowance,
    probability_over_cap,
    expected_overage_credits,
    cast(
        case
            when expected_overage_credits = 0 then 0
            else {{ product('expected_overage_credits', 'overage_rate_usd') }}
        end as decimal(18, 6)
    ) as expected_overage_usd,
    unmet_mean_credits as unmet_demand_credits,
    cast(observed_days as integer) as observed_days_month,
    cast(history_days as integer) as observed_days_history,

    -- booleans
    overage_enabled,

    -- dates
    as_of_date,
    usage_month,
    exhaustion_date
from forecast_seats
