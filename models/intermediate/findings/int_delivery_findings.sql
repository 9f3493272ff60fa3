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
)

{{ findings_by_month(
    'found', source="'reports'", affected='count(*)', usage_month=month_start('activity_date')
) }}
