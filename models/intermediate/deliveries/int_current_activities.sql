{{ config(materialized='view') }}

with

activities as (
    select * from {{ ref('stg_kiro__user_activities') }}
),

files as (
    select * from {{ ref('int_report_files') }}
)

select
    -- ids
    activities.file_id,
    activities.line_number,
    activities.account_id,
    activities.profile_id,
    activities.user_id,

    -- text
    activities.region,
    activities.client_type,
    activities.subscription_tier,
    activities.user_email,
    activities.unread_attributes,

    -- numbers
    activities.conversations,
    activities.total_messages,
    activities.attributed_messages,
    activities.reported_credits,
    activities.credits_used,
    activities.overage_credits_used,
    activities.overage_cap,
    activities.usage_limit,

    -- booleans
    activities.overage_enabled,
    activities.new_user,

    -- dates
    activities.activity_date,
    activities.delivered_at
from activities
inner join files
    on activities.file_id = files.file_id
where files.is_current
