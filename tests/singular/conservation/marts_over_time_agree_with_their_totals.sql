-- Tables over time agree with other tables: states by month with the month's seats, states by seat
-- with states by month, this month's client users with its active users, and the outlook's last day
-- with the outlook. Tolerates a cent per rounded value, and the rounding of a seat's daily
-- credits.
with

months as (
    select
        usage_month,
        account_id,
        subscription_tier,
        sum(seats) as seats
    from {{ ref('license_utilization_monthly') }}
    where seats > 0
    group by
        usage_month,
        account_id,
        subscription_tier
),

states as (
    select
        usage_month,
        account_id,
        subscription_tier,
        sum(seats) as seats
    from {{ ref('seat_states_monthly') }}
    group by
        usage_month,
        account_id,
        subscription_tier
),

histories as (
    select
        usage_month,
        account_id,
        subscription_tier,
        seat_state,
        count(*) as seats
    from {{ ref('seat_state_history') }}
    group by
        usage_month,
        account_id,
        subscription_tier,
        seat_state
),

first_months as (
    select min(usage_month) as first_usage_month
    from histories
),

counted as (
    select seat_states.*
    from {{ ref('seat_states_monthly') }} as seat_states
    inner join first_months
        on seat_states.usage_month >= first_months.first_usage_month
),

clients as (
    select
        usage_month,
        account_id,
        sum(users) as users
    from {{ ref('client_overlap_monthly') }}
    where client_type = '(any)'
    group by
        usage_month,
        account_id
),

users as (
    select
        seat_days.usage_month,
        seat_days.account_id,
        count(distinct seat_days.user_id) as users
    from {{ ref('int_seat_days_aggregated') }} as seat_days
    inner join {{ ref('int_as_of_date') }} as as_of
        on seat_days.usage_month = as_of.month_start_date
    where seat_days.is_active
    group by
        seat_days.usage_month,
        seat_days.account_id
),

last_days as (
    select daily.*
    from {{ ref('overage_outlook_daily') }} as daily
    inner join {{ ref('int_as_of_date') }} as as_of
        on daily.activity_date = as_of.month_end_date
)

select 'seats differ between seat_states_monthly and license_utilization_monthly' as finding
from months
full outer join states
    on
        months.usage_month = states.usage_month
        and months.account_id = states.account_id
        and months.subscription_tier = states.subscription_tier
where coalesce(months.seats, 0) <> coalesce(states.seats, 0)
union all
select 'seats in seat_state_history differ from seat_states_monthly' as finding
from histories
full outer join counted
    on
        histories.usage_month = counted.usage_month
        and histories.account_id = counted.account_id
        and histories.subscription_tier = counted.subscription_tier
        and histories.seat_state = counted.seat_state
where coalesce(histories.seats, 0) <> coalesce(counted.seats, 0)
union all
select 'users in client_overlap_monthly differ from active users' as finding
from clients
inner join users
    on
        clients.usage_month = users.usage_month
        and clients.account_id = users.account_id
where clients.users <> users.users
union all
-- A cent per rounded value, and the rounding of a seat's daily credits.
select 'the last day of overage_outlook_daily differs from overage_outlook' as finding
from last_days
inner join {{ ref('overage_outlook') }} as outlook
    on
        last_days.account_id = outlook.account_id
        and outlook.team = '(all)'
where
    abs(last_days.expected_overage_usd - outlook.expected_overage_usd)
    > 0.02 + 0.0001 * outlook.forecast_seats
    or abs(last_days.overage_p80_usd - outlook.overage_p80_usd)
    > 0.02 + 0.0001 * outlook.forecast_seats
