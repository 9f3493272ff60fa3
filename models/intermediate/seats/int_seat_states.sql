{%- set last_unseated_use = later_of('person_last_unseated_date', 'last_unseated_date') %}

with

seats as (
    select * from {{ ref('int_seats_held') }}
),

seat_months as (
    select * from {{ ref('int_seat_months') }}
    where is_current_month
),

account_days as (
    select * from {{ ref('int_account_days_covered') }}
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

exemptions as (
    select * from {{ ref('int_exemptions_identified') }}
),

unreported_use as (
    select * from {{ ref('int_unreported_use') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- Use that is in no report, in accounts where the person has no paid seat.
unseated_use as (
    select
        unreported_use.user_id,
        max(unreported_use.last_evidence_date) as last_unseated_date
    from unreported_use
    left join seats
        on
            unreported_use.account_id = seats.account_id
            and unreported_use.user_id = seats.user_id
            and seats.is_paid
    where seats.user_id is null
    group by unreported_use.user_id
),

coverage as (
    select
        account_days.account_id,
        min(account_days.first_report_date) as first_report_date,
        cast(count(*) filter (where account_days.is_covered) as double) / 30 as coverage_30,
        count(*) filter (where account_days.is_assumed_quiet) as assumed_quiet_days_30
    from account_days
    cross join as_of
    where account_days.activity_date > {{ add_days('as_of.as_of_date', -30) }}
    group by account_days.account_id
),

dated as (
    select
        seats.account_id,
        seats.profile_id,
        seats.user_id,
        seats.subscription_tier,
        seats.seat_source,
        seats.subscription_status,
        seats.is_billed,
        seats.is_paid,
        seats.is_pending,
        seats.is_cancelled,
        coalesce(
            seats.is_profile_unknown and seats.last_held_month < as_of.month_start_date, false
        ) as is_past_unknown,
        seats.first_seen_date,
        seats.first_active_date,
        seats.last_active_date,
        seats.first_unreported_date,
        seats.last_unreported_date,
        seats.last_billed_month,
        seats.last_listed_date,
        seats.active_days_30,
        as_of.as_of_date,
        seat_months.credits_used,
        seat_months.monthly_allowance,
        coalesce(seat_months.is_blocked, false) as is_blocked,
        plan_prices.monthly_price_usd,
        plan_prices.monthly_allowance_credits as plan_credits,
        coverage.coverage_30,
        coverage.assumed_quiet_days_30,
        coverage.first_report_date,
        unseated_use.last_unseated_date,
        exemptions.exemption_reason,
        exemptions.user_id is not null as is_exempt,
        coalesce(seat_months.is_reported, false) as is_reported,
        bool_or(coalesce(seats.is_billed, false)) over (
            partition by seats.account_id, seats.user_id
        ) as is_person_billed,
        {{ days_between('seats.last_active_date', 'as_of.as_of_date') }} as days_since_active,
        -- A seat first seen early in history may be older than history; one billed before it
        -- certainly is.
        coalesce(
            seats.activated_date,
            case
                when
                    seats.first_seen_date
                    >= {{ add_days('coverage.first_report_date', var('history_warmup_days')) }}
                    and coalesce(seats.first_billed_date >= seats.first_seen_date, true)
                    then seats.first_seen_date
            end
        ) as activated_date
    from seats
    cross join as_of
    left join seat_months
        on {{ same_seat('seats', 'seat_months') }}
    left join coverage
        on seats.account_id = coverage.account_id
    left join unseated_use
        on seats.user_id = unseated_use.user_id
    left join exemptions
        on seats.user_id = exemptions.user_id
    left join plan_prices
        on {{ plan_holds('seats.subscription_tier', 'as_of.as_of_date') }}
),

-- Billed, or in this month's reports if the bill says nothing about the person; a blank profile
-- does not count as a second one.
seated as (
    select
        *,
        profile_id <> '(unknown)'
        and coalesce(is_billed, is_reported and not is_person_billed) as is_counted_seat
    from dated
),

-- The seat to keep is the one used last, then the most expensive one.
counted as (
    select
        *,
        row_number() over (
            partition by user_id, is_counted_seat
            order by
                last_active_date desc nulls last,
                monthly_price_usd desc nulls last,
                account_id asc,
                profile_id asc
        ) as seat_no,
        first_value(first_active_date) over (
            partition by user_id, is_counted_seat
            order by
                last_active_date desc nulls last,
                monthly_price_usd desc nulls last,
                account_id asc,
                profile_id asc
        ) as kept_since_date,
        max(last_active_date) over (partition by user_id) as person_last_active_date,
        max(
            case
                when coalesce(is_counted_seat or is_paid, false) then null else last_active_date
            end
        )
            over (partition by user_id) as person_last_unseated_date,
        max(last_unreported_date) over (partition by user_id) as person_last_unreported_date
    from seated
),

stated as (
    select
        *,
        -- Without a bill, a person who moved to another profile has one seat.
        is_counted_seat
        and seat_no > 1
        and coalesce(is_billed or last_active_date >= kept_since_date, false)
            as is_duplicate_seat,
        -- The person works where no seat is known, so this may be the seat for that work.
        coalesce(
            {{ last_unseated_use }} > {{ add_days('as_of_date', -30) }}
            and {{ last_unseated_use }} > coalesce(last_active_date, first_report_date),
            false
        ) as is_used_elsewhere,
        {{ later_of(
            'person_last_active_date', later_of('person_last_unreported_date', 'last_unseated_date')
        ) }} as last_evidence_date,
        case
            when is_pending then 'pending'
            when is_cancelled then 'cancelled'
            else {{ held_seat_state('as_of_date') }}
        end as seat_state
    from counted
),

judged as (
    select
        *,
        seat_state in ('dormant', 'stale', 'never_used')
        and not is_exempt
        -- A seat that is not paid for saves nothing.
        and coalesce(is_billed, true)
        and coalesce(monthly_price_usd > 0, true)
        and profile_id <> '(unknown)'
        and not is_used_elsewhere
        and coalesce(last_unreported_date <= {{ add_days('as_of_date', -30) }}, true)
        and coalesce(coverage_30 >= {{ var('reclaim_minimum_coverage') }}, false) as is_reclaimable
    from stated
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    subscription_tier,
    seat_source,
    seat_state,
    subscription_status,
    exemption_reason,

    -- numbers
    days_since_active,
    active_days_30,
    coverage_30,
    assumed_quiet_days_30,
    credits_used,
    monthly_allowance,
    plan_credits,
    cast(
        case when credits_used is not null then least(credits_used, monthly_allowance) end
        as double
    ) / nullif(monthly_allowance, 0) as credit_utilization,
    monthly_price_usd,
    case when is_duplicate_seat then monthly_price_usd end
        as duplicate_waste_usd,

    -- booleans
    is_reclaimable,
    is_duplicate_seat,
    is_used_elsewhere,
    is_exempt,
    is_billed,
    is_paid,

    -- dates
    as_of_date,
    activated_date,
    first_seen_date,
    first_active_date,
    last_active_date,
    first_unreported_date,
    last_unreported_date,
    last_evidence_date,
    last_billed_month,
    last_listed_date
from judged
-- Use without a profile is evidence about the person, but not a seat in later months.
where not is_past_unknown
