with

totals as (
    select * from {{ ref('int_usage_days_counted') }}
)

select
    -- ids
    account_id,

    -- text
    client_type,
    subscription_tier,

    -- numbers
    users,
    conversations,
    messages,
    credits_used,
    overage_credits_used,
    seats_with_unknown_conversations,
    seats_with_unknown_messages,
    seats_with_unknown_credits,
    seats_with_unknown_overage_credits,

    -- dates
    activity_date
from totals
