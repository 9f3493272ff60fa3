with

seats as (
    select * from {{ ref('int_seat_states') }}
),

tiers as (
    select * from {{ ref('int_seat_tiers_compared') }}
    where fits
),

full_months as (
    select * from {{ ref('int_seat_full_months_summarized') }}
),

seat_months as (
    select * from {{ ref('int_seat_months') }}
    where is_current_month
),

judged as (
    select
        tiers.*,
        full_months.full_months,
        case when tiers.monthly_price_usd < tiers.held_price_usd then 'downgrade' else 'upgrade' end
            as action,
        -- Two covered months of low use are enough for a lower tier. A higher tier requires enough
        -- active days; a blocked seat has few.
        case
            when tiers.monthly_price_usd < tiers.held_price_usd
                then
                    full_months.full_months >= 2
                    -- Exempt seats may stay unused, and unpaid seats save nothing.
                    and not coalesce(seats.is_exempt, false)
                    and coalesce(seats.is_billed, true)
                    and full_months.blocked_months = 0
                    and tiers.least_savings_usd >= {{ var('advice_minimum_usd') }}
            when
                full_months.active_days < {{ var('advice_minimum_active_days') }}
                and full_months.blocked_months = 0
                then false
            -- With overage off, a higher tier costs more, but allows work that would otherwise be
            -- blocked.
            when not coalesce(seat_months.overage_enabled, false) then not tiers.held_tier_fits
            else tiers.least_savings_usd >= {{ var('advice_minimum_usd') }}
        end as is_advisable
    from tiers
    inner join full_months
        on {{ same_seat('tiers', 'full_months') }}
    inner join seat_months
        on {{ same_seat('tiers', 'seat_months') }}
    inner join seats
        on {{ same_seat('tiers', 'seats') }}
    where
        seats.seat_state not in ('new', 'blocked')
        and not seats.is_reclaimable
        and seats.profile_id <> '(unknown)'
),

ranked as (
    select
        *,
        row_number() over (
            partition by account_id, profile_id, user_id
            order by least_savings_usd desc, monthly_price_usd asc, subscription_tier asc
        ) as choice
    from judged
    where is_advisable
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    action,
    subscription_tier as recommended_tier,

    -- numbers
    full_months,
    held_price_usd,
    monthly_price_usd,
    monthly_allowance_credits,
    least_savings_usd,
    break_even_overage_credits
from ranked
where choice = 1
