with

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

rejected_rows as (
    select * from {{ ref('int_current_rejections') }}
),

files as (
    select * from {{ ref('int_report_files') }}
),

unknown_columns as (
    select unknown_columns.*
    from {{ ref('stg_kiro__unknown_columns') }} as unknown_columns
    inner join files
        on unknown_columns.file_id = files.file_id
    where files.is_current
),

deliveries as (
    select deliveries.*
    from {{ ref('int_deliveries_classified') }} as deliveries
    cross join as_of
    where deliveries.activity_date > {{ add_days('as_of.as_of_date', -30) }}
),

-- Of a week: to look through all of history would cost every build more.
activities as (
    select activities.*
    from {{ ref('int_activities_with_plan') }} as activities
    cross join as_of
    where activities.activity_date > {{ add_days('as_of.as_of_date', -7) }}
),

unread_attributes as (
    select
        files.account_id,
        files.file || ', line ' || activities.line_number || ': ' || activities.unread_attributes
            as example,
        activities.activity_date
    from {{ ref('int_current_activities') }} as activities
    inner join files
        on activities.file_id = files.file_id
    where activities.unread_attributes is not null
),

seat_months as (
    select * from {{ ref('int_seat_months_aggregated') }}
),

model_days as (
    select * from {{ ref('int_model_days_counted') }}
    where model <> '(unattributed)'
),

model_catalog as (
    select distinct model from {{ ref('stg_plans__model_catalog') }}
),

seats as (
    select * from {{ ref('int_seat_states') }}
),

part_counts as (
    select
        account_id,
        activity_date,
        coalesce(client_type, report) as delivered_by,
        max(part) as highest_part,
        count(distinct part) as parts
    from files
    where
        is_current
        and part is not null
    group by
        account_id,
        activity_date,
        coalesce(client_type, report),
        region
),

users_of_days as (
    select
        account_id,
        activity_date,
        user_id,
        count(*) as row_count
    from activities
    group by
        account_id,
        activity_date,
        user_id,
        profile_id,
        client_type
),

-- An administrator's own limit, or a plan that the seed knows otherwise.
limited_seats as (
    select
        account_id,
        user_id,
        max(usage_limit) as usage_limit,
        max(plan_allowance_credits) as plan_allowance_credits,
        max(activity_date) as activity_date
    from activities
    where usage_limit <> plan_allowance_credits
    group by
        account_id,
        profile_id,
        user_id,
        subscription_tier
),

found as (
    select
        'report_row_is_unusable' as finding,
        'warning' as severity,
        account_id,
        file || case when line_number is null then '' else ', line ' || line_number end
        || ': ' || rejection_reason as example,
        activity_date
    from rejected_rows
    union all
    select
        'report_attribute_is_unreadable' as finding,
        'warning' as severity,
        account_id,
        example,
        activity_date
    from unread_attributes
    union all
    select
        'report_file_is_missing' as finding,
        'warning' as severity,
        account_id,
        client_type || ' of ' || activity_date as example,
        activity_date
    from deliveries
    where status in ('missing', 'rejected')
    union all
    select
        'report_part_is_missing' as finding,
        'warning' as severity,
        account_id,
        delivered_by || ' of ' || activity_date || ': ' || parts || ' of ' || highest_part
            as example,
        activity_date
    from part_counts
    where parts <> highest_part
    union all
    select
        'report_delivery_is_partial' as finding,
        'warning' as severity,
        account_id,
        coalesce(client_type, report) || ' of ' || activity_date || ': part ' || part as example,
        activity_date
    from files
    where is_patch
    union all
    select
        'report_column_is_unknown' as finding,
        'information' as severity,
        account_id,
        column_name || ' of ' || coalesce(client_type, report) as example,
        activity_date
    from unknown_columns
    union all
    select
        'client_type_is_unknown' as finding,
        'information' as severity,
        account_id,
        client_type as example,
        activity_date
    from activities
    where client_type not in {{ known_client_types() }}
    union all
    select
        'name_is_reserved' as finding,
        'information' as severity,
        account_id,
        {{ reserved_name(
            ['subscription_tier', 'client_type', 'profile_id', 'user_id']
        ) }} as example,
        activity_date
    from activities
    where
        {{ reserved_name(
            ['subscription_tier', 'client_type', 'profile_id', 'user_id']
        ) }} is not null
    union all
    select
        'name_is_reserved' as finding,
        'information' as severity,
        account_id,
        model as example,
        activity_date
    from model_days
    where {{ reserved_name(['model']) }} is not null
    union all
    select
        'subscription_tier_has_no_plan' as finding,
        'warning' as severity,
        account_id,
        coalesce(subscription_tier, '(none)') as example,
        activity_date
    from activities
    where plan_allowance_credits is null
    union all
    select
        'usage_limit_differs_from_plan' as finding,
        'information' as severity,
        account_id,
        {{ in_words('usage_limit') }} || ' instead of '
        || {{ in_words('plan_allowance_credits') }} || ' credits: ' || user_id as example,
        activity_date
    from limited_seats
    union all
    select
        'profile_is_unknown' as finding,
        'information' as severity,
        account_id,
        user_id as example,
        activity_date
    from activities
    where profile_id = '(unknown)'
    union all
    select
        'profile_is_assumed' as finding,
        'information' as severity,
        account_id,
        user_id as example,
        activity_date
    from activities
    where is_profile_assumed
    union all
    select
        'model_columns_do_not_add_up' as finding,
        'information' as severity,
        account_id,
        attributed_messages || ' of ' || messages || ' messages of ' || user_id as example,
        activity_date
    from activities
    where
        attributed_messages > 0
        and messages <> attributed_messages
    union all
    select
        'overage_exceeds_credits' as finding,
        'warning' as severity,
        account_id,
        user_id as example,
        activity_date
    from activities
    where overage_credits_used > credits_used
    union all
    select
        'credits_are_blank' as finding,
        'warning' as severity,
        account_id,
        user_id || ' on ' || first_unknown_credits_date as example,
        usage_month as activity_date
    from seat_months
    where credits_used is null
    union all
    select
        'user_has_two_rows_a_day' as finding,
        'information' as severity,
        account_id,
        user_id as example,
        activity_date
    from users_of_days
    where row_count > 1
    union all
    select
        'model_is_not_in_the_catalog' as finding,
        'information' as severity,
        model_days.account_id,
        model_days.model as example,
        model_days.activity_date
    from model_days
    left join model_catalog
        on model_days.model = model_catalog.model
    where model_catalog.model is null
    union all
    select
        'allowance_is_unknown' as finding,
        'warning' as severity,
        account_id,
        user_id as example,
        as_of_date as activity_date
    from seats
    where
        monthly_allowance is null
        and seat_state not in ('pending', 'cancelled')
)

select
    -- ids
    account_id,

    -- text
    finding,
    severity,
    'reports' as source,
    min(example) as example,

    -- numbers
    count(*) as affected,

    -- dates
    {{ month_start('activity_date') }} as usage_month
from found
group by
    account_id,
    finding,
    severity,
    {{ month_start('activity_date') }}
