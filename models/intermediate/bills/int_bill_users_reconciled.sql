with

billed_seats as (
    select * from {{ ref('int_seats_billed') }}
),

reported_seats as (
    select * from {{ ref('int_seat_months_aggregated') }}
),

-- By user, because the bill does not include profiles.
billed_users as (
    select
        account_id,
        user_id,
        usage_month,
        bool_or(is_subscribed) as is_subscribed,
        count(*) filter (where is_subscribed) as seats,
        sum(billed_credits) as billed_credits,
        sum(overage_credits) as overage_credits
    from billed_seats
    where user_id <> '(unassigned)'
    group by
        account_id,
        user_id,
        usage_month
),

reported_users as (
    select
        account_id,
        user_id,
        usage_month,
        -- A single unknown value makes the sum unknown.
        case when count(credits_used) = count(*) then sum(credits_used) end as credits_used,
        case
            when count(overage_credits_used) = count(*) then sum(overage_credits_used)
        end as overage_credits_used
    from reported_seats
    group by
        account_id,
        user_id,
        usage_month
),

billed_accounts as (
    select distinct
        account_id,
        usage_month
    from billed_seats
),

users as (
    select
        account_id,
        user_id,
        usage_month
    from billed_users
    union
    select
        reported_users.account_id,
        reported_users.user_id,
        reported_users.usage_month
    from reported_users
    inner join billed_accounts
        on
            reported_users.account_id = billed_accounts.account_id
            and reported_users.usage_month = billed_accounts.usage_month
)

select
    -- ids
    users.account_id,
    users.user_id,

    -- numbers
    coalesce(billed_users.seats, 0) as billed_seats,
    billed_users.billed_credits,
    billed_users.overage_credits as billed_overage_credits,
    reported_users.credits_used as reported_credits,
    reported_users.overage_credits_used as reported_overage_credits,

    -- booleans
    coalesce(billed_users.is_subscribed, false) as is_subscribed,
    reported_users.user_id is not null as is_reported,

    -- dates
    users.usage_month
from users
left join billed_users
    on
        users.account_id = billed_users.account_id
        and users.user_id = billed_users.user_id
        and users.usage_month = billed_users.usage_month
left join reported_users
    on
        users.account_id = reported_users.account_id
        and users.user_id = reported_users.user_id
        and users.usage_month = reported_users.usage_month
