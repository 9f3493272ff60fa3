{%- set never = "cast('9999-12-01' as date)" -%}

with

observed_seats as (
    select * from {{ ref('int_seats_summarized') }}
),

billed_months as (
    select * from {{ ref('int_seats_billed') }}
    where is_subscribed and user_id <> '(unassigned)'
),

listed_seats as (
    select * from {{ ref('int_seats_listed') }}
),

unreported_use as (
    select * from {{ ref('int_unreported_use') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

accounts as (
    select * from {{ ref('int_accounts_sourced') }}
),

seat_months as (
    select * from {{ ref('int_seat_months_aggregated') }}
),

settled_months as (
    select
        account_id,
        usage_month,
        row_number() over (partition by account_id order by usage_month) as month_no
    from {{ ref('int_account_months_billed') }}
    where is_settled
),

-- A seat that is missing from a settled bill in between was subscribed again.
numbered_months as (
    select
        billed_months.*,
        settled_months.month_no - lag(settled_months.month_no) over (
            partition by billed_months.account_id, billed_months.profile_id, billed_months.user_id
            order by billed_months.usage_month
        ) as months_since
    from billed_months
    left join settled_months
        on
            billed_months.account_id = settled_months.account_id
            and billed_months.usage_month = settled_months.usage_month
),

billed_seats as (
    select
        numbered_months.account_id,
        numbered_months.profile_id,
        numbered_months.user_id,
        min(numbered_months.usage_month) as first_billed_month,
        max(numbered_months.usage_month) as last_billed_month,
        min(numbered_months.first_billed_date) as first_billed_date,
        max(case when numbered_months.months_since > 1 then numbered_months.first_billed_date end)
            as renewed_date,
        max_by(numbered_months.subscription_tier, numbered_months.usage_month)
            as subscription_tier,
        -- On the last settled bill, or on one since.
        bool_or(
            coalesce(numbered_months.usage_month >= accounts.settled_month, true)
        ) as is_on_bill
    from numbered_months
    inner join accounts
        on numbered_months.account_id = accounts.account_id
    group by
        numbered_months.account_id,
        numbered_months.profile_id,
        numbered_months.user_id
),

-- Seats used in the month of the last settled bill.
reported_seats as (
    select
        seat_months.account_id,
        seat_months.profile_id,
        seat_months.user_id
    from seat_months
    inner join accounts
        on
            seat_months.account_id = accounts.account_id
            and seat_months.usage_month = accounts.settled_month
),

seats as (
    select
        account_id,
        profile_id,
        user_id
    from observed_seats
    union
    select
        account_id,
        profile_id,
        user_id
    from billed_seats
    union
    select
        account_id,
        profile_id,
        user_id
    from listed_seats
),

gathered as (
    select
        seats.account_id,
        seats.profile_id,
        seats.user_id,
        as_of.as_of_date,
        as_of.month_start_date,
        observed_seats.first_seen_date,
        observed_seats.last_seen_date,
        observed_seats.activated_date as reported_activation_date,
        observed_seats.first_active_date,
        observed_seats.last_active_date,
        observed_seats.active_days_30,
        observed_seats.subscription_tier as reported_tier,
        billed_seats.subscription_tier as billed_tier,
        billed_seats.first_billed_month,
        billed_seats.last_billed_month,
        billed_seats.first_billed_date,
        -- A seat billed since the first bill of all may be older.
        coalesce(
            billed_seats.renewed_date,
            case
                when billed_seats.first_billed_month > accounts.first_billed_month
                    then billed_seats.first_billed_date
            end
        ) as billed_activation_date,
        coalesce(billed_seats.is_on_bill, false) as is_on_bill,
        reported_seats.user_id is not null as is_reported_when_settled,
        listed_seats.subscription_tier as listed_tier,
        listed_seats.subscription_status,
        listed_seats.activated_date as listed_activation_date,
        unreported_use.first_evidence_date as first_unreported_date,
        unreported_use.last_evidence_date as last_unreported_date,
        -- Use that is in no report belongs to this seat if the person has no other in the account.
        case
            when count(*) over (partition by seats.account_id, seats.user_id) = 1
                then unreported_use.last_evidence_date
        end as last_own_evidence_date,
        listed_seats.list_date,
        accounts.is_billed as is_account_billed,
        accounts.is_roster_complete,
        accounts.roster_date,
        accounts.settled_month,
        {{ month_end('accounts.settled_month') }} as settled_date,
        {{ month_end('accounts.last_billed_month') }} as last_billed_date
    from seats
    cross join as_of
    inner join accounts
        on seats.account_id = accounts.account_id
    left join observed_seats
        on {{ same_seat('seats', 'observed_seats') }}
    left join billed_seats
        on {{ same_seat('seats', 'billed_seats') }}
    left join listed_seats
        on {{ same_seat('seats', 'listed_seats') }}
    left join unreported_use
        on
            seats.account_id = unreported_use.account_id
            and seats.user_id = unreported_use.user_id
    left join reported_seats
        on {{ same_seat('seats', 'reported_seats') }}
),

-- A report or roster after the last settled bill may show a seat that the next bill will have.
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
        -- A roster's word on seats counts unless there is a later bill.
        coalesce(roster_date > last_billed_date, true) as is_roster_newer
    from gathered
),

judged as (
    select
        *,
        -- Known only from reports without a profile: the seat behind them is unknown.
        profile_id = '(unknown)'
        and last_billed_month is null
        and subscription_status is null as is_profile_unknown,
        -- A person who worked in a month has no seat if the complete bill of the month has none for
        -- them.
        is_off_bill
        and (not is_named_since or (is_reported_when_settled and not coalesce(is_listed, false)))
            as is_unpaid,
        -- Not used yet: only on the list, neither billed nor reported.
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
    -- From a report of this month, else the bill or the list, else an older report.
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
    -- If activated again after the roster was written, the seat is as new as the report says.
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
