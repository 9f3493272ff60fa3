{{ config(materialized='view') }}

with

activities as (
    select * from {{ ref('stg_kiro__user_activities') }}
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

days as (
    select * from {{ ref('int_report_days_versioned') }}
    where report = 'user_report'
)

select
    -- ids
    activities.file_id,
    activities.line_number,
    activities.account_id,
    activities.profile_id,
    activities.user_id,

    -- text
    activities.client_type,
    coalesce(plan_prices.subscription_tier, activities.subscription_tier) as subscription_tier,
    days.version,

    -- numbers
    activities.conversations,
    coalesce(activities.total_messages, activities.attributed_messages) as messages,
    coalesce(activities.attributed_messages, 0) as attributed_messages,
    activities.credits_used,
    activities.overage_credits_used,
    activities.overage_cap,
    activities.usage_limit,
    plan_prices.monthly_allowance_credits as plan_allowance_credits,

    -- booleans
    activities.overage_enabled,
    activities.new_user,

    -- dates
    activities.activity_date
from activities
left join plan_prices
    on {{ plan_holds('activities.subscription_tier', 'activities.activity_date') }}
left join days
    on activities.activity_date = days.activity_date
