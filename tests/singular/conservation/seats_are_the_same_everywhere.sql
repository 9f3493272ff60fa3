-- License utilization, overage risk and the current month have the same seats with the same usage.
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

current_month as (
    select max(usage_month) as usage_month
    from {{ ref('license_utilization_monthly') }}
),

current_seats as (
    select
        sum(monthly.seats) as seats,
        sum(monthly.active_seats) as active_seats
    from {{ ref('license_utilization_monthly') }} as monthly
    inner join current_month
        on monthly.usage_month = current_month.usage_month
),

counted_seats as (
    select
        count(*) as seats,
        count(*) filter (where active_days_30 > 0) as active_seats
    from {{ ref('license_utilization') }}
)

select 'a seat differs between license_utilization and overage_risk' as finding
from both_ways
union all
select 'license_utilization_monthly counts other seats than license_utilization' as finding
from current_seats
cross join counted_seats
where
    current_seats.seats <> counted_seats.seats
    or current_seats.active_seats <> counted_seats.active_seats
