with

report_rows as (
    select * from {{ ref('base_kiro__user_report_rows') }}
),

files as (
    select * from {{ ref('base_kiro__report_files') }}
)

select
    -- ids
    report_rows.file_id,
    report_rows.line_number,
    files.account_id,
    {{ outside_name('report_rows.profile_id') }} as profile_id,
    {{ outside_name('report_rows.user_id') }} as user_id,

    -- text
    files.region,
    upper({{ outside_name('report_rows.client_type') }}) as client_type,
    {{ outside_name('report_rows.subscription_tier') }} as subscription_tier,
    report_rows.user_email,
    report_rows.unread_attributes,

    -- numbers
    report_rows.conversations,
    report_rows.total_messages,
    report_rows.attributed_messages,
    report_rows.credits_used as reported_credits,
    {{ credits_with_overage('report_rows.credits_used', 'report_rows.overage_credits_used') }}
        as credits_used,
    report_rows.overage_credits_used,
    report_rows.overage_cap,
    report_rows.usage_limit,

    -- booleans
    report_rows.overage_enabled,
    report_rows.new_user,

    -- dates
    report_rows.activity_date,
    files.modified_at as delivered_at
from report_rows
inner join files
    on report_rows.file_id = files.file_id
where report_rows.rejection_reason is null
