{%- set never = "cast('9999-12-01' as date)" -%}

with

observed_seats as (
    select * from {{ ref('int_seats_summarized') }}
),

billed_months as (
    select * from {{ ref('int_seats_billed') }}
    where user_id <> '(unassigned)'
),

listed_seats as (
    select * from {{ ref('int_seats_listed') }}
),

accounts as (
    select * from {{ ref('int_accounts_sourced') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

billed_seats as (
    select
        account_id,
        profile_id,
        user_id,
        min(usage_month) as first_billed_month,
        max(usage_month) as last_billed_month,
        min(first_billed_date) as first_billed_date,
        max_by(subscription_tier, usage_month) as subscription_tier
    from billed_months
    where is_subscribed
    group by
        account_id,
        profile_id,
        user_id
),

-- Use that a report may have missed.
consuming_seats as (
    select
        account_id,
        profile_id,
        user_id,
        min(first_consumption_date) as first_consumption_date
    from billed_months
    group by
        account_id,
        profile_id,
        user_id
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
        -- Billed before its account's bill begins to be known, a seat may be older.
        case
            when billed_seats.first_billed_date > accounts.first_billed_month
                then billed_seats.first_billed_date
        end as billed_activation_date,
        listed_seats.subscription_tier as listed_tier,
        listed_seats.subscription_status,
        listed_seats.activated_date as listed_activation_date,
        consuming_seats.first_consumption_date,
        accounts.is_billed as is_account_billed,
        accounts.is_billed
        and coalesce(billed_seats.last_billed_month = accounts.last_billed_month, false)
            as is_billed,
        accounts.is_roster_complete,
        accounts.roster_date,
        accounts.last_billed_month as account_last_billed_month
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
    left join consuming_seats
        on {{ same_seat('seats', 'consuming_seats') }}
),

judged as (
    select
        *,
        subscription_status in ('active', 'unknown') as is_listed,
        -- Awaits its first use: on the list only, neither billed nor seen.
        subscription_status is not null
        and subscription_status <> 'cancelled'
        and last_active_date is null
        and last_billed_month is null
        and (subscription_status = 'pending' or is_account_billed) as is_pending,
        case
            when is_account_billed
                then
                    not is_billed
                    and (last_billed_month is not null or last_seen_date is not null)
                    and coalesce(last_seen_date < account_last_billed_month, true)
            else
                coalesce(subscription_status = 'cancelled', false)
                or (
                    subscription_status is null
                    and is_roster_complete
                    and coalesce(last_seen_date < month_start_date, true)
                    and coalesce(last_seen_date < roster_date, true)
                )
        end as is_cancelled
    from gathered
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
    -- What a report of this month says, else the bill or the list, else an older report.
    coalesce(
        case
            when last_seen_date >= month_start_date then reported_tier
            when is_billed then billed_tier
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
    case when is_account_billed then is_billed end as is_billed,
    coalesce(is_billed or (not is_account_billed and is_listed), false) as is_paid,
    is_pending,
    coalesce(is_cancelled, false) as is_cancelled,

    -- dates
    first_seen_date,
    coalesce(reported_activation_date, listed_activation_date, billed_activation_date)
        as activated_date,
    first_active_date,
    last_active_date,
    first_consumption_date,
    coalesce(
        nullif(
            least(
                coalesce({{ month_start('first_seen_date') }}, {{ never }}),
                coalesce(first_billed_month, {{ never }}),
                coalesce({{ month_start('listed_activation_date') }}, {{ never }})
            ),
            {{ never }}
        ),
        month_start_date
    ) as first_held_month,
    case
        when is_pending then cast(null as date)
        when is_cancelled
            then
                greatest(
                    coalesce({{ month_start('last_seen_date') }}, last_billed_month),
                    coalesce(last_billed_month, {{ month_start('last_seen_date') }})
                )
        else month_start_date
    end as last_held_month
from judged
