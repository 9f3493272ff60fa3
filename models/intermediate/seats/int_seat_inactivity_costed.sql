with

seats as (
    select * from {{ ref('int_seat_states') }}
),

costs as (
    select * from {{ ref('int_seat_months_costed') }}
    where is_subscribed
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- Whole months after the last month with any use or, without use, since the first charge.
silent_months as (
    select
        costs.account_id,
        costs.profile_id,
        costs.user_id,
        costs.usage_month,
        costs.subscription_cost_usd
    from costs
    cross join as_of
    inner join seats
        on {{ same_seat('costs', 'seats') }}
    where
        costs.usage_month < as_of.month_start_date
        and coalesce(
            costs.usage_month
            > {{ later_of('seats.last_active_date', 'seats.last_unreported_date') }},
            true
        )
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- numbers
    count(distinct usage_month) as inactive_months,
    case
        when count(subscription_cost_usd) = count(*)
            then cast(sum(subscription_cost_usd) as decimal(18, 2))
    end as inactivity_cost_usd
from silent_months
group by
    account_id,
    profile_id,
    user_id
