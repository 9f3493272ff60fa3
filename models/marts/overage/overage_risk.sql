with

risks as (
    select * from {{ ref('int_seat_risks') }}
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    subscription_tier,
    risk_kind,
    risk_band,
    forecast_evidence,

    -- numbers
    credits_used_month,
    monthly_allowance,
    overage_cap,
    forecast_credits_mean,
    forecast_credits_p10,
    forecast_credits_p50,
    forecast_credits_p80,
    forecast_credits_p90,
    probability_over_allowance,
    probability_over_cap,
    expected_overage_credits,
    expected_overage_usd,
    unmet_demand_credits,
    observed_days_month,
    observed_days_history,

    -- booleans
    overage_enabled,

    -- dates
    as_of_date,
    usage_month,
    exhaustion_date
from risks
