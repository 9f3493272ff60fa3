with

seats as (
    select * from {{ ref('int_seats_held') }}
),

seat_months as (
    select * from {{ ref('int_seat_months_blocked') }}
),

billed_seats as (
    select * from {{ ref('int_seats_billed') }}
    where user_id <> '(unassigned)'
),

accounts as (
    select * from {{ ref('int_accounts_sourced') }}
),

days as (
    select * from {{ ref('int_days_spined') }}
),

account_days as (
    select * from {{ ref('int_account_days_covered') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

account_months as (
    select
        account_id,
        {{ month_start('activity_date') }} as usage_month,
        count(*) filter (where is_delivered) as delivered_days,
        count(*) filter (where is_covered) as covered_days
    from account_days
    group by
        account_id,
        {{ month_start('activity_date') }}
),

months as (
    select distinct {{ month_start('activity_date') }} as usage_month
    from days
    union
    select distinct usage_month
    from billed_seats
),

settled_accounts as (
    select
        account_id,
        usage_month
    from {{ ref('int_account_months_billed') }}
    where is_settled
),

-- A seat keeps its tier from the end of a month until a report names it again.
tenures as (
    select
        *,
        max(last_active_date) over (
            partition by account_id, profile_id, user_id
            order by usage_month
            rows between unbounded preceding and current row
        ) as last_active_to_date,
        lead(usage_month) over (
            partition by account_id, profile_id, user_id
            order by usage_month
        ) as next_usage_month
    from seat_months
),

-- The months of a seat from its first to its last; if the month's bill is known, only those that
-- are billed or reported.
held_months as (
    select
        seats.account_id,
        seats.profile_id,
        seats.user_id,
        seats.subscription_tier as present_tier,
        coalesce(seats.is_profile_unknown, false) as is_profile_unknown,
        months.usage_month,
        least({{ month_end('months.usage_month') }}, as_of.as_of_date) as month_last_date,
        months.usage_month = as_of.month_start_date as is_current_month,
        tenures.usage_month as tenure_month,
        coalesce(tenures.usage_month = months.usage_month, false) as is_reported,
        tenures.last_active_to_date,
        tenures.subscription_tier as reported_tier,
        tenures.last_subscription_tier,
        tenures.monthly_allowance,
        tenures.lowest_allowance,
        tenures.last_allowance,
        tenures.credits_used,
        tenures.overage_credits_used,
        tenures.days_blocked,
        tenures.overage_cap,
        tenures.overage_enabled,
        coalesce(tenures.usage_month = months.usage_month and tenures.has_other_credits, false)
            as has_other_credits,
        case
            when billed_seats.is_subscribed then true
            when settled_accounts.account_id is not null then false
            -- A seat that is not on the last complete bill has no months after it.
            when seats.is_unpaid and months.usage_month > accounts.settled_month then false
        end as is_billed,
        billed_seats.subscription_tier as billed_tier
    from seats
    cross join as_of
    inner join months
        on
            seats.first_held_month <= months.usage_month
            and seats.last_held_month >= months.usage_month
    left join tenures
        on
            {{ same_seat('seats', 'tenures') }}
            and months.usage_month >= tenures.usage_month
            and (
                tenures.next_usage_month is null
                or months.usage_month < tenures.next_usage_month
            )
    left join billed_seats
        on
            {{ same_seat('seats', 'billed_seats') }}
            and months.usage_month = billed_seats.usage_month
    left join settled_accounts
        on
            seats.account_id = settled_accounts.account_id
            and months.usage_month = settled_accounts.usage_month
    left join accounts
        on seats.account_id = accounts.account_id
),

spined as (
    select
        held_months.*,
        coalesce(account_months.delivered_days, 0) as delivered_days,
        coalesce(account_months.covered_days, 0) as covered_days,
        coalesce(
            case when held_months.is_reported then held_months.reported_tier end,
            held_months.billed_tier,
            held_months.last_subscription_tier,
            held_months.present_tier
        ) as subscription_tier
    from held_months
    left join account_months
        on
            held_months.account_id = account_months.account_id
            and held_months.usage_month = account_months.usage_month
    where
        held_months.is_reported
        or (
            coalesce(held_months.is_billed, true)
            and not held_months.is_profile_unknown
        )
),

used as (
    select
        spined.*,
        plan_prices.monthly_price_usd,
        plan_prices.overage_rate_usd,
        case
            when spined.is_reported and spined.monthly_allowance is not null
                then spined.monthly_allowance
            when spined.subscription_tier = spined.last_subscription_tier
                then spined.last_allowance
            else plan_prices.monthly_allowance_credits
        end as allowance_credits,
        -- Other credits of the month before may not be used up yet.
        spined.has_other_credits
        or coalesce(
            not spined.overage_enabled
            and lag(spined.has_other_credits) over (
                partition by spined.account_id, spined.profile_id, spined.user_id
                order by spined.usage_month
            ),
            false
        ) as may_have_other_credits,
        {%- for measure in ['credits_used', 'overage_credits_used', 'days_blocked'] %}
            case
                when spined.is_reported then spined.{{ measure }}
                when spined.delivered_days > 0 then 0
            end as month_{{ measure }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from spined
    left join plan_prices
        on {{ plan_holds('spined.subscription_tier', 'spined.month_last_date') }}
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    subscription_tier,

    -- numbers
    cast(month_credits_used as decimal(18, 6)) as credits_used,
    cast(month_overage_credits_used as decimal(18, 6)) as overage_credits_used,
    overage_cap,
    cast(allowance_credits as decimal(18, 6)) as monthly_allowance,
    case when is_reported then lowest_allowance end as lowest_allowance,
    -- With overage off, the last 1 % of the allowance allows no more work; otherwise the first
    -- hundredth of a credit beyond it costs.
    cast(
        case
            when overage_enabled = false
                then {{ product('allowance_credits', var('blocked_allowance_share')) }}
            else allowance_credits + 0.005
        end as decimal(18, 6)
    ) as breach_credits,
    cast(
        case
            when may_have_other_credits then cast(null as decimal(18, 6))
            when overage_enabled then allowance_credits + overage_cap
            when not overage_enabled then allowance_credits
        end as decimal(18, 6)
    ) as limit_credits,
    cast(month_days_blocked as bigint) as days_blocked,
    delivered_days,
    covered_days,
    monthly_price_usd,
    overage_rate_usd,
    cast(
        case
            when month_overage_credits_used = 0 then 0
            else {{ product('month_overage_credits_used', 'overage_rate_usd') }}
        end
        as decimal(18, 6)
    ) as overage_cost_usd,

    -- booleans
    is_reported,
    tenure_month is not null as is_observed,
    is_billed,
    overage_enabled,
    has_other_credits,
    may_have_other_credits,
    case
        when delivered_days > 0
            then coalesce(last_active_to_date >= {{ add_days('month_last_date', -29) }}, false)
    end as is_active_30,
    coalesce(month_days_blocked >= {{ var('blocked_minimum_days') }}, false) as is_blocked,
    is_current_month,

    -- dates
    usage_month,
    month_last_date,
    last_active_to_date
from used
