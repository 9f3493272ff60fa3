{{ config(materialized='view') }}

with

seats as (
    select * from {{ ref('int_seat_states') }}
),

seat_months as (
    select * from {{ ref('int_seat_months') }}
    where is_current_month
),

sources as (
    select * from {{ ref('int_seat_sources_confirmed') }}
),

risks as (
    select * from {{ ref('int_seat_risks') }}
),

full_months as (
    select * from {{ ref('int_seat_full_months_summarized') }}
),

tiers as (
    select * from {{ ref('int_seat_tiers_recommended') }}
),

model_costs as (
    select * from {{ ref('int_seat_model_costs_estimated') }}
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

present_plans as (
    select plan_prices.*
    from plan_prices
    cross join as_of
    where
        as_of.as_of_date >= plan_prices.valid_from
        and as_of.as_of_date < plan_prices.valid_before
),

-- Overage credits per month above which the next more expensive tier is cheaper.
break_evens as (
    select
        held.tier_key,
        max_by(higher.subscription_tier, -higher.monthly_price_usd) as break_even_tier,
        cast(min(higher.monthly_price_usd - held.monthly_price_usd) as double)
        / nullif(held.overage_rate_usd, 0) as break_even_overage_credits
    from present_plans as held
    inner join present_plans as higher
        on held.monthly_price_usd < higher.monthly_price_usd
    group by
        held.tier_key,
        held.overage_rate_usd
)

select
    -- ids
    seats.account_id,
    seats.profile_id,
    seats.user_id,

    -- text
    coalesce(seats.subscription_tier, '(unknown)') as subscription_tier,
    seats.seat_state,
    case
        when
            seats.is_used_elsewhere
            and seats.is_paid
            and seats.seat_state in ('dormant', 'stale', 'never_used', 'unknown_history')
            then 'used elsewhere'
        -- Below all of the month's allowances, because overage may predate an upgrade.
        when
            seat_months.overage_credits_used > 0
            and seat_months.credits_used < seat_months.lowest_allowance
            then 'early overage'
        when seats.is_duplicate_seat then 'second seat'
        when seat_months.has_other_credits then 'other credits'
        when
            seats.seat_state in ('dormant', 'stale', 'unknown_history')
            and seats.is_paid
            and seats.last_unreported_date > {{ add_days('as_of.as_of_date', -30) }}
            then 'used without a report'
        when
            seats.seat_state = 'unknown_history'
            and seats.is_paid
            and coalesce(seats.monthly_price_usd > 0, true)
            then case when seats.coverage_30 is null then 'no reports' else 'never seen' end
    end as suspicion,
    tiers.action as tier_action,
    tiers.recommended_tier,
    case
        when tiers.break_even_overage_credits is null then break_evens.break_even_tier
        else tiers.recommended_tier
    end as break_even_tier,
    case
        when seats.seat_state = 'blocked' or risks.risk_band = 'breached' then 'now'
        when risks.risk_band in ('high', 'likely') then 'likely'
        else 'possible'
    end as blocking,

    -- numbers
    seats.days_since_active,
    seats.monthly_price_usd,
    seats.duplicate_waste_usd,
    seat_months.credits_used,
    seat_months.overage_credits_used,
    risks.monthly_allowance,
    risks.forecast_credits_p50,
    risks.forecast_credits_p80,
    risks.unmet_demand_credits,
    {{ product('risks.unmet_demand_credits', 'seat_months.overage_rate_usd') }}
        as unmet_demand_usd,
    full_months.last_month_credits,
    full_months.highest_month_credits,
    full_months.full_months,
    tiers.monthly_price_usd - tiers.held_price_usd as price_change_usd,
    tiers.monthly_allowance_credits as recommended_allowance_credits,
    tiers.least_savings_usd,
    coalesce(tiers.break_even_overage_credits, break_evens.break_even_overage_credits)
        as break_even_overage_credits,
    model_costs.credits_share_with_auto,
    -- The lower overage cost of this month and the last full one; unknown if either is unknown.
    case
        when full_months.last_month_overage_usd <= risks.expected_overage_usd
            then full_months.last_month_overage_usd
        when full_months.last_month_overage_usd > risks.expected_overage_usd
            then risks.expected_overage_usd
    end as least_overage_usd,

    -- booleans
    seats.is_reclaimable,
    risks.overage_enabled,
    coalesce(seat_months.may_have_other_credits, false) as may_have_other_credits,
    seats.seat_state = 'blocked' or risks.risk_band in ('breached', 'high') as is_short,
    coalesce(
        risks.forecast_credits_p50 * model_costs.credits_share_with_auto
        <= risks.monthly_allowance
        -- For a seat without a full month, only the forecast is used.
        and coalesce(
            full_months.last_month_credits * model_costs.credits_share_with_auto
            <= risks.monthly_allowance,
            true
        ),
        false
    ) as is_enough_with_auto,
    sources.has_reports,
    sources.is_on_bill,
    sources.is_on_roster,
    sources.has_legacy_report,

    -- dates
    as_of.as_of_date,
    as_of.month_end_date,
    seats.activated_date,
    seats.last_evidence_date,
    risks.exhaustion_date
from seats
cross join as_of
left join seat_months
    on {{ same_seat('seats', 'seat_months') }}
left join sources
    on {{ same_seat('seats', 'sources') }}
left join risks
    on {{ same_seat('seats', 'risks') }}
left join full_months
    on {{ same_seat('seats', 'full_months') }}
left join tiers
    on {{ same_seat('seats', 'tiers') }}
left join model_costs
    on {{ same_seat('seats', 'model_costs') }}
left join break_evens
    on {{ tier_key('seats.subscription_tier') }} = break_evens.tier_key
