{{ config(materialized='view') }}

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

as_of as (
    select * from {{ ref('int_as_of_date') }}
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

-- A seat keeps the last tier of a month until it is reported again.
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
)

select
    -- ids
    seats.account_id,
    seats.profile_id,
    seats.user_id,

    -- text
    seats.subscription_tier as present_tier,
    tenures.subscription_tier as reported_tier,
    tenures.last_subscription_tier,
    billed_seats.subscription_tier as billed_tier,

    -- numbers
    tenures.monthly_allowance,
    tenures.lowest_allowance,
    tenures.last_allowance,
    tenures.credits_used,
    tenures.overage_credits_used,
    tenures.days_blocked,
    tenures.overage_cap,

    -- booleans
    months.usage_month = as_of.month_start_date as is_current_month,
    coalesce(tenures.usage_month = months.usage_month, false) as is_reported,
    case
        when billed_seats.is_subscribed then true
        when settled_accounts.account_id is not null then false
        -- A seat missing from the last complete bill is missing from all later months.
        when seats.is_unpaid and months.usage_month > accounts.settled_month then false
    end as is_billed,
    coalesce(seats.is_profile_unknown, false) as is_profile_unknown,
    tenures.overage_enabled,
    coalesce(tenures.usage_month = months.usage_month and tenures.has_other_credits, false)
        as has_other_credits,

    -- dates
    months.usage_month,
    least({{ month_end('months.usage_month') }}, as_of.as_of_date) as month_last_date,
    tenures.usage_month as tenure_month,
    tenures.last_active_to_date
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
