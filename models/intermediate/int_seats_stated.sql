with

seats as (
    select * from {{ ref('int_seats_held') }}
),

seat_months as (
    select * from {{ ref('int_seat_months_spined') }}
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

as_of as (
    select * from {{ ref('int_as_of_date') }}
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
        exemptions.exemption_reason,
        exemptions.user_id is not null as is_exempt,
        coalesce(seat_months.is_reported, false) as is_reported,
        bool_or(coalesce(seats.is_billed, false)) over (
            partition by seats.account_id, seats.user_id
        ) as is_person_billed,
        {{ days_between('seats.last_active_date', 'as_of.as_of_date') }} as days_since_active,
        -- A seat first seen early in history may be older than history, and one that was billed
        -- before is.
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
    left join exemptions
        on seats.user_id = exemptions.user_id
    left join plan_prices
        on {{ plan_holds('seats.subscription_tier', 'as_of.as_of_date') }}
),

-- Billed, or named by this month's reports where the bill has no word about the person; a blank
-- profile is no second one.
seated as (
    select
        *,
        profile_id <> '(unknown)'
        and coalesce(is_billed, is_reported and not is_person_billed) as is_counted_seat
    from dated
),

-- Of a person's several seats the one used last is kept, then the most expensive.
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
        max(case when profile_id = '(unknown)' then last_active_date end) over (
            partition by account_id, user_id
        ) as person_last_unknown_date,
        max(case when is_counted_seat or is_paid then last_active_date end) over (
            partition by user_id
        ) as person_last_seated_date,
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
        -- The person works where no seat is known, so that this one may be the seat for it.
        coalesce(
            person_last_active_date > {{ add_days('as_of_date', -30) }}
            and person_last_active_date > coalesce(last_active_date, first_report_date)
            and coalesce(person_last_seated_date < person_last_active_date, true),
            false
        ) as is_used_elsewhere,
        coalesce(
            greatest(person_last_active_date, person_last_unreported_date),
            person_last_active_date,
            person_last_unreported_date
        ) as last_evidence_date,
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
        -- Nothing is saved where nothing is paid.
        and coalesce(is_billed, true)
        and coalesce(monthly_price_usd > 0, true)
        and profile_id <> '(unknown)'
        and not is_used_elsewhere
        and coalesce(last_unreported_date <= {{ add_days('as_of_date', -30) }}, true)
        and coalesce(person_last_unknown_date <= {{ add_days('as_of_date', -30) }}, true)
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
    last_evidence_date
from judged
-- Use without a profile is evidence of its person's, and no seat of the months after.
where not is_past_unknown
