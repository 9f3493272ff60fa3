{%- set never = "cast('9999-12-01' as date)" -%}

with

gathered as (
    select * from {{ ref('int_seats_gathered') }}
),

-- A report or roster after the last settled bill may show a seat that will be on the next bill.
dated as (
    select
        *,
        {{ later_of('last_seen_date', 'last_own_evidence_date') }} as last_used_date,
        subscription_status in ('active', 'unknown') as is_listed,
        settled_month is not null and not is_on_bill as is_off_bill,
        coalesce(last_seen_date > settled_date, false)
        or coalesce(
            subscription_status in ('active', 'unknown') and list_date > settled_date, false
        ) as is_named_since,
        -- A roster determines who has a seat unless there is a later bill.
        coalesce(roster_date > last_billed_date, true) as is_roster_newer
    from gathered
),

judged as (
    select
        *,
        -- Only in reports without a profile, so the seat is unknown.
        profile_id = '(unknown)'
        and last_billed_month is null
        and subscription_status is null as is_profile_unknown,
        -- If a person worked in a month but is not on that month's complete bill, they have no
        -- seat.
        is_off_bill
        and (not is_named_since or (is_reported_when_settled and not coalesce(is_listed, false)))
            as is_unpaid,
        -- Not used yet: on the list, but neither billed nor reported.
        subscription_status is not null
        and subscription_status <> 'cancelled'
        and last_seen_date is null
        and last_billed_month is null
        and (subscription_status = 'pending' or is_off_bill)
        and not (is_named_since and subscription_status <> 'pending') as is_pending,
        (
            is_off_bill
            and not is_named_since
            and not is_reported_when_settled
            and (
                last_billed_month is not null
                or last_seen_date is not null
                or subscription_status = 'cancelled'
            )
        )
        or (
            is_roster_newer
            and coalesce(
                subscription_status = 'cancelled'
                and coalesce(last_used_date <= list_date, true),
                false
            )
        )
        or (
            is_roster_newer
            and is_roster_complete
            and subscription_status is null
            and coalesce(last_seen_date < month_start_date, true)
            and coalesce(last_used_date < roster_date, true)
        ) as is_cancelled
    from dated
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    case
        when is_account_billed and last_billed_month is not null then 'bill'
        when subscription_status is not null then 'roster'
        else 'observed'
    end as seat_source,
    -- From this month's reports, otherwise the bill or the list, otherwise an older report.
    coalesce(
        case
            when last_seen_date >= month_start_date then reported_tier
            when is_on_bill then billed_tier
            when is_listed then listed_tier
        end,
        reported_tier,
        billed_tier,
        listed_tier
    ) as subscription_tier,
    subscription_status,

    -- numbers
    coalesce(active_days_30, 0) as active_days_30,

    -- booleans
    case
        when not is_account_billed then cast(null as boolean)
        when is_on_bill then true
        when is_unpaid then false
    end as is_billed,
    is_unpaid,
    case
        when is_account_billed and (is_on_bill or is_unpaid) then is_on_bill
        else coalesce(is_listed, false)
    end as is_paid,
    is_pending,
    is_cancelled,
    is_profile_unknown,

    -- dates
    first_seen_date,
    -- If the seat was activated again after the roster was written, the report's date applies.
    coalesce(
        case when reported_activation_date > list_date then reported_activation_date end,
        listed_activation_date,
        reported_activation_date,
        billed_activation_date
    ) as activated_date,
    first_billed_date,
    last_billed_month,
    list_date as last_listed_date,
    first_active_date,
    last_active_date,
    first_unreported_date,
    last_unreported_date,
    coalesce(
        nullif(
            least(
                coalesce({{ month_start('first_seen_date') }}, {{ never }}),
                coalesce(first_billed_month, {{ never }}),
                coalesce({{ month_start('listed_activation_date') }}, {{ never }})
            ),
            {{ never }}
        ),
        {{ month_start('list_date') }},
        month_start_date
    ) as first_held_month,
    case
        when is_pending then cast(null as date)
        when is_profile_unknown then {{ month_start('last_seen_date') }}
        when is_cancelled
            then
                {{ later_of(month_start('last_seen_date'), 'last_billed_month') }}
        else month_start_date
    end as last_held_month
from judged
