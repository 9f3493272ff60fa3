with

seats as (
    select * from {{ ref('int_seat_states') }}
),

seat_months as (
    select * from {{ ref('int_seat_months') }}
    where is_current_month
),

full_months as (
    select * from {{ ref('int_seat_full_months_summarized') }}
),

forecasts as (
    select * from {{ ref('int_seat_forecasts') }}
    where is_current
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- Four bases for the seat's monthly use, all of which must agree.
usage_bases as (
    {%- for basis in [
        'full_months.last_month_credits',
        'full_months.highest_month_credits',
        'forecasts.demand_p50_credits',
        'forecasts.demand_p80_credits',
    ] %}
        select
            full_months.account_id,
            full_months.profile_id,
            full_months.user_id,
            {{ basis }} as usage_credits
        from full_months
        inner join forecasts
            on {{ same_seat('full_months', 'forecasts') }}
        where full_months.last_month_credits is not null
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

paid_tiers as (
    select plan_prices.*
    from plan_prices
    cross join as_of
    where
        plan_prices.monthly_price_usd > 0
        and as_of.as_of_date >= plan_prices.valid_from
        and as_of.as_of_date < plan_prices.valid_before
),

-- Cost and included credits come from the plan; the reported limit determines how much work fits.
held_tiers as (
    select
        seat_months.account_id,
        seat_months.profile_id,
        seat_months.user_id,
        seat_months.overage_enabled,
        seat_months.overage_cap,
        paid_tiers.tier_key,
        paid_tiers.monthly_price_usd,
        paid_tiers.overage_rate_usd,
        paid_tiers.monthly_allowance_credits,
        coalesce(
            case
                when {{ tier_key('seat_months.subscription_tier') }} = paid_tiers.tier_key
                    then seat_months.monthly_allowance
            end,
            paid_tiers.monthly_allowance_credits
        ) as seat_allowance_credits
    from seat_months
    inner join seats
        on {{ same_seat('seat_months', 'seats') }}
    inner join paid_tiers
        on {{ tier_key('seats.subscription_tier') }} = paid_tiers.tier_key
)

select
    -- ids
    usage_bases.account_id,
    usage_bases.profile_id,
    usage_bases.user_id,

    -- text
    other_tier.subscription_tier,

    -- numbers
    max(other_tier.monthly_price_usd) as monthly_price_usd,
    max(other_tier.monthly_allowance_credits) as monthly_allowance_credits,
    max(held_tier.monthly_price_usd) as held_price_usd,
    min(
        {{ tier_cost_usd('held_tier', 'usage_bases.usage_credits') }}
        - ({{ tier_cost_usd('other_tier', 'usage_bases.usage_credits') }})
    ) as least_savings_usd,
    cast(max(other_tier.monthly_price_usd - held_tier.monthly_price_usd) as double)
    / nullif(max(held_tier.overage_rate_usd), 0) as break_even_overage_credits,

    -- booleans
    bool_and({{ fits_tier('other_tier', 'usage_bases.usage_credits') }}) as fits,
    bool_or(
        {{ fits_tier('held_tier', 'usage_bases.usage_credits', 'seat_allowance_credits') }}
    ) as held_tier_fits
from usage_bases
inner join held_tiers as held_tier
    on {{ same_seat('usage_bases', 'held_tier') }}
inner join paid_tiers as other_tier
    on held_tier.tier_key <> other_tier.tier_key
group by
    usage_bases.account_id,
    usage_bases.profile_id,
    usage_bases.user_id,
    other_tier.subscription_tier
