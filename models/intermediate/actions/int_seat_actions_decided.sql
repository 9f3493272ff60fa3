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

-- Monthly overage credits from which the next more expensive tier is worth its price.
break_evens as (
    select
        held.tier_key,
        cast(min(higher.monthly_price_usd - held.monthly_price_usd) as double)
        / nullif(held.overage_rate_usd, 0) as break_even_overage_credits
    from present_plans as held
    inner join present_plans as higher
        on held.monthly_price_usd < higher.monthly_price_usd
    group by
        held.tier_key,
        held.overage_rate_usd
),

known as (
    select
        seats.account_id,
        seats.profile_id,
        seats.user_id,
        coalesce(seats.subscription_tier, '(unknown)') as subscription_tier,
        seats.seat_state,
        seats.is_reclaimable,
        seats.days_since_active,
        seats.monthly_price_usd,
        seats.duplicate_waste_usd,
        seats.activated_date,
        seats.last_evidence_date,
        sources.has_reports,
        sources.is_on_bill,
        sources.is_on_roster,
        sources.has_legacy_report,
        case
            when
                seats.is_used_elsewhere
                and seats.is_paid
                and seats.seat_state in ('dormant', 'stale', 'never_used', 'unknown_history')
                then 'used elsewhere'
            -- Below every allowance of the month, as there may have been overage before an upgrade.
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
        as_of.as_of_date,
        as_of.month_end_date,
        seat_months.credits_used,
        seat_months.overage_credits_used,
        risks.overage_enabled,
        risks.risk_band,
        risks.monthly_allowance,
        risks.forecast_credits_p50,
        risks.forecast_credits_p80,
        risks.expected_overage_usd,
        risks.unmet_demand_credits,
        risks.exhaustion_date,
        full_months.last_month_credits,
        full_months.highest_month_credits,
        full_months.last_month_overage_usd,
        full_months.full_months,
        coalesce(seat_months.may_have_other_credits, false) as may_have_other_credits,
        tiers.action as tier_action,
        tiers.recommended_tier,
        tiers.monthly_price_usd - tiers.held_price_usd as price_change_usd,
        tiers.least_savings_usd,
        coalesce(tiers.break_even_overage_credits, break_evens.break_even_overage_credits)
            as break_even_overage_credits,
        model_costs.credits_share_with_auto,
        -- The smaller overage cost of the last full month and this one; unknown if either is.
        case
            when full_months.last_month_overage_usd <= risks.expected_overage_usd
                then full_months.last_month_overage_usd
            when full_months.last_month_overage_usd > risks.expected_overage_usd
                then risks.expected_overage_usd
        end as least_overage_usd,
        {{ product('risks.unmet_demand_credits', 'seat_months.overage_rate_usd') }}
            as unmet_demand_usd,
        seats.seat_state = 'blocked' or risks.risk_band in ('breached', 'high') as is_short,
        coalesce(
            risks.forecast_credits_p50 * model_costs.credits_share_with_auto
            <= risks.monthly_allowance
            -- A seat without a full month is judged only by its forecast.
            and coalesce(
                full_months.last_month_credits * model_costs.credits_share_with_auto
                <= risks.monthly_allowance,
                true
            ),
            false
        ) as is_enough_with_auto
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
),

-- One action per seat, so that no saving is counted twice. The order against overage and blocking:
-- a cheaper model, overage up to its cap, a higher tier.
decided as (
    select
        *,
        case
            when is_reclaimable then 'reclaim'
            when suspicion is not null then 'investigate'
            when seat_state in ('new', 'pending', 'cancelled') then null
            when
                overage_enabled
                and is_enough_with_auto
                and least_overage_usd >= {{ var('advice_minimum_usd') }}
                then 'use_cheaper_model'
            when not overage_enabled and is_short and is_enough_with_auto then 'use_cheaper_model'
            -- The allowance did not stop the person last month.
            when not overage_enabled and may_have_other_credits then null
            when not overage_enabled and tier_action = 'upgrade'
                then
                    case
                        when unmet_demand_usd >= price_change_usd then 'upgrade'
                        when unmet_demand_usd >= {{ var('advice_minimum_usd') }}
                            then 'enable_overage'
                    end
            when
                not overage_enabled
                and is_short
                and coalesce(unmet_demand_usd, {{ var('advice_minimum_usd') }})
                >= {{ var('advice_minimum_usd') }}
                then 'enable_overage'
            when overage_enabled or tier_action = 'downgrade' then tier_action
        end as action
    from known
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    action,
    subscription_tier,
    case when action in ('upgrade', 'downgrade') then recommended_tier end as recommended_tier,
    seat_state,
    suspicion,
    case
        -- Certain only if every source confirms the silence: a missing source might show use.
        when
            (
                seat_state in ('never_used', 'unknown_history')
                or days_since_active > {{ var('dormant_seat_days') }}
            )
            and coalesce(last_evidence_date <= {{ add_days('as_of_date', -30) }}, true)
            and has_reports
            and is_on_bill
            and is_on_roster
            and has_legacy_report
            then 'certain'
        when action in ('reclaim', 'investigate', 'enable_overage') then 'likely'
        when action in ('upgrade', 'downgrade') and full_months >= 3 then 'likely'
        else 'possible'
    end as confidence,

    -- numbers
    days_since_active,
    monthly_price_usd,
    duplicate_waste_usd,
    credits_used,
    overage_credits_used,
    monthly_allowance,
    forecast_credits_p50,
    forecast_credits_p80,
    forecast_credits_p50 * credits_share_with_auto as forecast_credits_with_auto,
    unmet_demand_credits,
    unmet_demand_usd,
    last_month_credits,
    highest_month_credits,
    full_months,
    price_change_usd,
    break_even_overage_credits,
    cast(
        case
            when action = 'reclaim' then monthly_price_usd
            when action = 'downgrade' or (action = 'upgrade' and overage_enabled)
                then least_savings_usd
            when action = 'use_cheaper_model' and overage_enabled then least_overage_usd
        end as decimal(18, 2)
    ) as monthly_savings_usd,
    cast(
        case
            when action = 'upgrade' and not overage_enabled then price_change_usd
            when action = 'enable_overage' then unmet_demand_usd
        end as decimal(18, 2)
    ) as monthly_cost_usd,

    -- booleans
    overage_enabled,
    has_reports,
    is_on_bill,
    is_on_roster,
    has_legacy_report,

    -- dates
    activated_date,
    exhaustion_date,
    as_of_date,
    case
        when action in ('reclaim', 'downgrade') then {{ add_days('month_end_date', 1) }}
        else {{ add_days('as_of_date', 1) }}
    end as effective_date
from decided
where action is not null
