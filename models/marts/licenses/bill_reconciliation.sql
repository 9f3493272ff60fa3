with

billed_seats as (
    select * from {{ ref('int_seats_billed') }}
),

reported_seats as (
    select * from {{ ref('int_seat_months_aggregated') }}
),

seat_months as (
    select * from {{ ref('int_seat_months_spined') }}
),

-- By user, as the bill names no profile.
billed_users as (
    select
        account_id,
        user_id,
        usage_month,
        bool_or(is_subscribed) as is_subscribed,
        count(*) filter (where is_subscribed) as seats,
        sum(overage_credits) as overage_credits,
        sum(subscription_cost_usd) as subscription_cost_usd,
        sum(overage_cost_usd) as overage_cost_usd,
        sum(tax_cost_usd + adjustment_cost_usd + unknown_cost_usd) as other_cost_usd
    from billed_seats
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
        sum(credits_used) as credits_used,
        sum(overage_credits_used) as overage_credits_used
    from reported_seats
    group by
        account_id,
        user_id,
        usage_month
),

list_costs as (
    select
        account_id,
        usage_month,
        case when count(overage_cost_usd) = count(*) then sum(overage_cost_usd) end
            as overage_cost_usd,
        sum(case when is_billed then monthly_price_usd end) as subscription_cost_usd
    from seat_months
    group by
        account_id,
        usage_month
),

billed_accounts as (
    select distinct
        account_id,
        usage_month
    from billed_users
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
),

compared as (
    select
        users.account_id,
        users.usage_month,
        coalesce(
            sum(case when users.user_id <> '(unassigned)' then billed_users.seats end), 0
        ) as billed_seats,
        count(*) filter (where billed_users.is_subscribed and users.user_id <> '(unassigned)')
            as billed_users,
        count(reported_users.user_id) as reported_users,
        count(*) filter (
            where
            billed_users.is_subscribed
            and users.user_id <> '(unassigned)'
            and reported_users.user_id is null
        ) as billed_not_reported_users,
        count(*) filter (
            where
            reported_users.user_id is not null
            and not coalesce(billed_users.is_subscribed, false)
        ) as reported_not_billed_users,
        coalesce(sum(billed_users.overage_credits), 0) as billed_overage_credits,
        sum(reported_users.overage_credits_used) as reported_overage_credits,
        sum(reported_users.credits_used) as reported_credits,
        coalesce(sum(billed_users.subscription_cost_usd), 0) as billed_subscription_cost_usd,
        coalesce(sum(billed_users.overage_cost_usd), 0) as billed_overage_cost_usd,
        coalesce(sum(billed_users.other_cost_usd), 0) as billed_other_cost_usd
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
    group by
        users.account_id,
        users.usage_month
)

select
    -- ids
    compared.account_id,

    -- numbers
    cast(compared.billed_seats as bigint) as billed_seats,
    compared.billed_users,
    compared.reported_users,
    compared.billed_not_reported_users,
    compared.reported_not_billed_users,
    cast(compared.reported_credits as decimal(18, 6)) as reported_credits,
    cast(compared.billed_overage_credits as decimal(18, 6)) as billed_overage_credits,
    cast(compared.reported_overage_credits as decimal(18, 6)) as reported_overage_credits,
    cast(compared.billed_overage_credits - compared.reported_overage_credits as double)
    / nullif(cast(compared.billed_overage_credits as double), 0) as overage_credits_variance,
    cast(compared.billed_subscription_cost_usd as decimal(18, 2)) as billed_subscription_cost_usd,
    cast(list_costs.subscription_cost_usd as decimal(18, 2)) as list_subscription_cost_usd,
    cast(compared.billed_overage_cost_usd as decimal(18, 2)) as billed_overage_cost_usd,
    cast(list_costs.overage_cost_usd as decimal(18, 2)) as reported_overage_cost_usd,
    cast(compared.billed_other_cost_usd as decimal(18, 2)) as billed_other_cost_usd,
    cast(
        compared.billed_subscription_cost_usd + compared.billed_overage_cost_usd
        + compared.billed_other_cost_usd as decimal(18, 2)
    ) as billed_total_cost_usd,

    -- dates
    compared.usage_month
from compared
left join list_costs
    on
        compared.account_id = list_costs.account_id
        and compared.usage_month = list_costs.usage_month
