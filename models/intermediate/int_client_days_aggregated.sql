with

activities as (
    select * from {{ ref('int_activities_priced') }}
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    client_type,
    {{ highest_tier('subscription_tier', 'coalesce(usage_limit, plan_allowance_credits)') }} as subscription_tier,

    -- numbers
    cast(sum(conversations) as bigint) as conversations,
    cast(sum(messages) as bigint) as messages,
    cast(sum(credits_used) as decimal(18, 6)) as credits_used,
    cast(sum(overage_credits_used) as decimal(18, 6)) as overage_credits_used,
    max(overage_cap) as overage_cap,
    max(usage_limit) as usage_limit,
    max(plan_allowance_credits) as plan_allowance_credits,

    -- booleans
    bool_or(overage_enabled) as overage_enabled,
    bool_or(new_user) as new_user,

    -- dates
    activity_date
from activities
group by
    account_id,
    profile_id,
    user_id,
    client_type,
    activity_date
