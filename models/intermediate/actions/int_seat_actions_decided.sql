with

considered as (
    select * from {{ ref('int_seat_actions_considered') }}
),

-- One action per seat, so that no savings are counted twice. For overage and blocking, the order
-- is: a cheaper model, overage up to its cap, a higher tier.
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
            -- The person kept working beyond the allowance last month.
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
    from considered
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
    break_even_tier,
    seat_state,
    suspicion,
    blocking,
    case
        -- Advice is certain only if every source confirms the silence, because a missing source
        -- might show use.
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
        when action in ('reclaim', 'investigate') then 'likely'
        when action = 'enable_overage' and blocking in ('now', 'likely') then 'likely'
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
    case when action in ('upgrade', 'downgrade') then recommended_allowance_credits end
        as recommended_allowance_credits,
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
