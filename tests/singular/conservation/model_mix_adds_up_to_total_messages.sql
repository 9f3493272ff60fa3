-- Messages by model, including unattributed ones, add up to the account's messages on a day on
-- which every seat's messages are known.
with

seat_days as (
    select
        activity_date,
        account_id,
        sum(messages) as messages,
        count(*) - count(messages) as unknown_seats
    from {{ ref('int_seat_days_aggregated') }}
    group by
        activity_date,
        account_id
),

daily_mix as (
    select
        activity_date,
        account_id,
        sum(messages) as messages
    from {{ ref('model_mix_daily') }}
    group by
        activity_date,
        account_id
),

monthly_mix as (
    select
        usage_month,
        sum(messages) as messages
    from {{ ref('model_mix_monthly') }}
    group by usage_month
),

seat_months as (
    select
        {{ month_start('activity_date') }} as usage_month,
        sum(messages) as messages,
        sum(unknown_seats) as unknown_seats
    from seat_days
    group by {{ month_start('activity_date') }}
)

select
    'day' as scope,
    coalesce(seat_days.activity_date, daily_mix.activity_date) as scope_date
from seat_days
full outer join daily_mix
    on
        seat_days.activity_date = daily_mix.activity_date
        and seat_days.account_id = daily_mix.account_id
where
    coalesce(seat_days.unknown_seats, 0) = 0
    and coalesce(seat_days.messages, 0) <> coalesce(daily_mix.messages, 0)
union all
select
    'month' as scope,
    coalesce(seat_months.usage_month, monthly_mix.usage_month) as scope_date
from seat_months
full outer join monthly_mix
    on seat_months.usage_month = monthly_mix.usage_month
where
    coalesce(seat_months.unknown_seats, 0) = 0
    and coalesce(seat_months.messages, 0) <> coalesce(monthly_mix.messages, 0)
