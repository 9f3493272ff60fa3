{{ config(materialized='view') }}

with

activities as (
    select * from {{ ref('int_current_activities') }}
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

assumed_profiles as (
    select * from {{ ref('int_blank_profiles_assumed') }}
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
    coalesce(activities.profile_id, assumed_profiles.profile_id, '(unknown)') as profile_id,
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
    activities.profile_id is null and assumed_profiles.profile_id is not null
        as is_profile_assumed,

    -- dates
    activities.activity_date
from activities
left join plan_prices
    on {{ plan_holds('activities.subscription_tier', 'activities.activity_date') }}
left join assumed_profiles
    on
        activities.account_id = assumed_profiles.account_id
        and activities.user_id = assumed_profiles.user_id
left join days
    on activities.activity_date = days.activity_date
