-- Seats have the same usage in license utilization and overage risk, which includes only seats that
-- were ever in a report. For the current month, only the seats that exist in it are counted. In a
-- month without deliveries for an account, it is unknown whether its seats are active.
with

license_seats as (
    select
        account_id,
        profile_id,
        user_id,
        credits_used_month,
        monthly_allowance
    from {{ ref('license_utilization') }}
),

risks as (
    select
        account_id,
        profile_id,
        user_id,
        credits_used_month,
        monthly_allowance
    from {{ ref('overage_risk') }}
),

both_ways as (
    (
        select * from license_seats
        where credits_used_month > 0
        except
        select * from risks
    )
    union all
    (
        select * from risks
        except
        select * from license_seats
    )
),

held_seats as (
    select *
    from {{ ref('int_seat_months') }}
    where
        is_current_month
        and coalesce(is_billed, true)
),

current_seats as (
    select
        coalesce(sum(monthly.seats), 0) as seats,
        coalesce(sum(monthly.active_seats), 0) as active_seats
    from {{ ref('license_utilization_monthly') }} as monthly
    inner join {{ ref('int_as_of_date') }} as as_of
        on monthly.usage_month = as_of.month_start_date
),

counted_seats as (
    select
        count(*) as seats,
        count(*) filter (where seats.active_days_30 > 0 and held_seats.is_active_30 is not null)
            as active_seats
    from {{ ref('license_utilization') }} as seats
    inner join held_seats
        on {{ same_seat('seats', 'held_seats') }}
)

select 'a seat differs between license_utilization and overage_risk' as finding
from both_ways
union all
select 'seat counts differ between license_utilization_monthly and license_utilization' as finding
from current_seats
cross join counted_seats
where
    current_seats.seats <> counted_seats.seats
    or current_seats.active_seats <> counted_seats.active_seats
