with

subscriptions as (
    select * from {{ ref('stg_rosters__subscriptions') }}
),

emails as (
    select * from {{ ref('int_emails_identified') }}
),

observed_seats as (
    select * from {{ ref('int_seats_summarized') }}
),

accounts as (
    select
        min(account_id) as account_id,
        count(distinct account_id) as accounts
    from observed_seats
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

identified as (
    select
        subscriptions.*,
        coalesce(
            subscriptions.user_id, by_email.user_id, by_user_name.user_id
        ) as identified_user_id
    from subscriptions
    left join emails as by_email
        on subscriptions.user_email = by_email.user_email
    left join emails as by_user_name
        on subscriptions.user_name = by_user_name.user_email
),

-- A list without an account applies to the only account or, if there are several, to those with the
-- user in their reports.
located as (
    select
        identified.*,
        coalesce(identified.identified_user_id, identified.unmatched_id) as seat_user_id,
        coalesce(
            identified.account_id,
            observed_seats.account_id,
            case when accounts.accounts = 1 then accounts.account_id end,
            '(unknown)'
        ) as seat_account_id,
        coalesce(observed_seats.profile_id, '(not reported)') as profile_id,
        count(nullif(observed_seats.profile_id, '(unknown)')) over (
            partition by identified.file_id, identified.line_number
        ) as profiles,
        row_number() over (
            partition by identified.file_id, identified.line_number
            order by
                case when observed_seats.profile_id = '(unknown)' then 1 else 0 end,
                observed_seats.last_active_date desc nulls last,
                observed_seats.account_id asc,
                observed_seats.profile_id asc
        ) as place
    from identified
    cross join accounts
    left join observed_seats
        on
            identified.identified_user_id = observed_seats.user_id
            and observed_seats.account_id
            = coalesce(identified.account_id, observed_seats.account_id)
),

-- Two roster rows for one person are two seats, in the profiles used last, if the person has two. A
-- canceled row next to another one is the history of the same seat.
numbered as (
    select
        *,
        row_number() over (
            partition by list_kind, seat_account_id, seat_user_id, place
            order by
                case when subscription_status in ('active', 'unknown') then 0 else 1 end,
                list_date desc,
                file_id asc,
                line_number asc
        ) as row_no,
        min(case when subscription_status = 'cancelled' then 1 else 0 end) over (
            partition by list_kind, seat_account_id, seat_user_id, place
        ) = 1 as is_only_cancelled
    from located
),

priced as (
    select
        numbered.*,
        plan_prices.subscription_tier as plan_tier,
        plan_prices.monthly_allowance_credits
    from numbered
    left join plan_prices
        on {{ plan_holds('numbered.subscription_tier', 'numbered.list_date') }}
    where
        numbered.place = case
            when
                numbered.list_kind = 'roster'
                and (
                    numbered.subscription_status in ('active', 'unknown')
                    or numbered.is_only_cancelled
                )
                then greatest(1, least(numbered.row_no, numbered.profiles))
            else 1
        end
),

named as (
    select
        priced.seat_account_id as account_id,
        priced.profile_id,
        priced.seat_user_id as user_id,
        coalesce(priced.plan_tier, priced.subscription_tier) as subscription_tier,
        priced.monthly_allowance_credits,
        priced.subscription_status,
        priced.list_kind,
        priced.list_date,
        priced.identified_user_id is not null as is_identified,
        -- Future dates are mistakes or plans; a finding counts them.
        case
            when priced.activated_date <= as_of.as_of_date then priced.activated_date
        end as activated_date
    from priced
    cross join as_of
),

-- Ignores plans that are canceled or have not started yet.
ranked as (
    select
        *,
        rank() over (
            partition by account_id, profile_id, user_id
            order by
                case when subscription_tier is null then 1 else 0 end,
                case subscription_status
                    when 'active' then 1
                    when 'unknown' then 2
                    when 'pending' then 3
                    else 4
                end
        ) as status_rank
    from named
),

held as (
    select
        account_id,
        profile_id,
        user_id,
        case when status_rank = 1 then subscription_tier end as subscription_tier,
        case when status_rank = 1 then activated_date end as activated_date,
        monthly_allowance_credits,
        subscription_status,
        list_kind,
        list_date,
        is_identified
    from ranked
)

-- If a seat has two plans, the higher one is used, because Kiro bills that one.
select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    {{ highest_tier('monthly_allowance_credits') }} as subscription_tier,
    case
        when bool_or(subscription_status = 'active') then 'active'
        when bool_or(subscription_status = 'unknown') then 'unknown'
        when bool_or(subscription_status = 'pending') then 'pending'
        else 'cancelled'
    end as subscription_status,

    -- numbers
    count(*) as row_count,
    count(distinct subscription_tier) as tiers,

    -- booleans
    bool_or(list_kind = 'roster') as is_on_roster,
    bool_and(is_identified) as is_identified,

    -- dates
    min(activated_date) as activated_date,
    max(list_date) as list_date
from held
group by
    account_id,
    profile_id,
    user_id
