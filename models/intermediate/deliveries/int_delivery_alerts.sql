{{ config(materialized='view') }}

with

deliveries as (
    select * from {{ ref('int_deliveries_classified') }}
),

files as (
    select * from {{ ref('int_report_files') }}
),

rejected_rows as (
    select * from {{ ref('int_current_rejections') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

missing as (
    select
        deliveries.account_id,
        count(*) as files
    from deliveries
    cross join as_of
    where
        deliveries.status = 'missing'
        and deliveries.activity_date > {{ add_days('as_of.as_of_date', -7) }}
    group by deliveries.account_id
),

file_rejections as (
    select
        file,
        count(*) as rejected_rows,
        min(rejection_reason) as reason
    from rejected_rows
    group by file
),

-- Also by delivery day, because an unreadable file may have replaced an old day's file.
recent_files as (
    select
        files.account_id,
        files.file,
        files.is_current,
        files.used_rows,
        coalesce(file_rejections.rejected_rows, 0) as rejected_rows,
        file_rejections.reason
    from files
    cross join as_of
    left join file_rejections
        on files.file = file_rejections.file
    where
        not files.is_superseded
        and greatest(
            cast(files.delivered_at as date),
            coalesce(files.activity_date, cast(files.delivered_at as date))
        ) > {{ add_days('as_of.as_of_date', -7) }}
),

rejections as (
    select
        account_id,
        count(*) filter (where not is_current) as files,
        min(case when not is_current then file || ': ' || reason end) as example,
        sum(case when is_current then rejected_rows end) as rejected_rows,
        sum(case when is_current then rejected_rows + used_rows end) as delivered_rows
    from recent_files
    group by account_id
)

select
    'files_missing' as alert,
    account_id,
    '(all)' as team,
    files as measured,
    {{ alert_threshold('alert_missing_files') }} as threshold,
    {{ counted(
        'files',
        'expected report file for the last 7 days is missing',
        'expected report files for the last 7 days are missing'
    ) }}
    || ': see report_delivery.' as message
from missing
union all
select
    'files_rejected' as alert,
    account_id,
    '(all)' as team,
    files as measured,
    {{ alert_threshold('alert_rejected_files') }} as threshold,
    {{ counted(
        'files',
        'report file delivered in the last 7 days has',
        'report files delivered in the last 7 days have'
    ) }}
    || ' no usable rows, such as ' || example
    || '. See rejected_rows; fetch them again with scripts/sync_reports.py.' as message
from rejections
union all
select
    'rows_rejected' as alert,
    account_id,
    '(all)' as team,
    cast(rejected_rows as double) / cast(delivered_rows as double) as measured,
    {{ alert_threshold('alert_rejected_row_share') }} as threshold,
    rejected_rows || ' of ' || delivered_rows
    || ' report rows delivered in the last 7 days could not be used: see rejected_rows.'
        as message
from rejections
where delivered_rows > 0
