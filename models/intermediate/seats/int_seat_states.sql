{%- set last_unseated_use = later_of('person_last_unseated_date', 'last_unseated_date') %}

with

dated as (
    select * from {{ ref('int_seats_as_of_date') }}
),

-- Billed, or in this month's reports if the person is not on the bill. A blank profile does not
-- count as a second one.
seated as (
    select
        *,
        profile_id <> '(unknown)'
        and coalesce(is_billed, is_reported and not is_person_billed) as is_counted_seat
    from dated
),

-- Keeps the seat used last or, in a tie, the most expensive one.
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
        -- The person works where they have no known seat, so they may be using this one.
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

-- The first applicable reason to keep an unused seat.
kept as (
    select
        *,
        seat_state in ('dormant', 'stale', 'never_used') and coalesce(is_billed, true) as is_unused,
        case
            when is_exempt then 'exempt'
            when monthly_price_usd <= 0 then 'free'
            when profile_id = '(unknown)' then 'unknown_profile'
            when is_used_elsewhere or last_unreported_date > {{ add_days('as_of_date', -30) }}
                then 'used_elsewhere'
            when not coalesce(coverage_30 >= {{ var('reclaim_minimum_coverage') }}, false)
                then 'missing_reports'
        end as reason_to_keep
    from stated
),

judged as (
    select
        *,
        case when is_unused then reason_to_keep end as kept_because,
        is_unused and reason_to_keep is null as is_reclaimable
    from kept
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
    kept_because,

    -- numbers
    days_since_active,
    days_to_first_use,
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
-- Use without a profile is evidence of the person's use, but not a seat in later months.
where not is_past_unknown
