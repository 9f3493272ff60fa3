-- Used and rejected rows by day, account, Region, and client equal those in the tables that contain
-- the rows. Used rows are compared only for days that the last build changed. Days after
-- as_of_date, or before the first report, have no deliveries.
with

days as (
    select * from {{ ref('int_days_spined') }}
),

files as (
    select * from {{ ref('int_report_files') }}
),

used as (
    select
        files.activity_date,
        files.account_id,
        files.region,
        files.client_type,
        count(*) as used_rows
    from {{ ref('int_activities_with_plan') }} as activities
    inner join files
        on activities.file_id = files.file_id
    where {{ in_changed_days(period='activities.activity_date') }}
    group by
        files.activity_date,
        files.account_id,
        files.region,
        files.client_type
),

rejected as (
    select
        rejections.activity_date,
        rejections.account_id,
        rejections.region,
        rejections.client_type,
        count(*) as rejected_rows
    from {{ ref('rejected_rows') }} as rejections
    inner join days
        on rejections.activity_date = days.activity_date
    where rejections.report = 'user_report'
    group by
        rejections.activity_date,
        rejections.account_id,
        rejections.region,
        rejections.client_type
),

held as (
    select
        coalesce(used.activity_date, rejected.activity_date) as activity_date,
        coalesce(used.account_id, rejected.account_id) as account_id,
        coalesce(used.region, rejected.region) as region,
        coalesce(used.client_type, rejected.client_type) as client_type,
        coalesce(used.used_rows, 0) as used_rows,
        coalesce(rejected.rejected_rows, 0) as rejected_rows
    from used
    full outer join rejected
        on
            used.activity_date = rejected.activity_date
            and used.account_id = rejected.account_id
            and used.region = rejected.region
            and used.client_type = rejected.client_type
),

delivered as (
    select * from {{ ref('report_delivery') }}
)

select
    coalesce(held.activity_date, delivered.activity_date) as activity_date,
    coalesce(held.account_id, delivered.account_id) as account_id,
    coalesce(held.client_type, delivered.client_type) as client_type
from held
full outer join delivered
    on
        held.activity_date = delivered.activity_date
        and held.account_id = delivered.account_id
        and held.region = delivered.region
        and held.client_type = delivered.client_type
where
    (
        {{ in_changed_days(period='coalesce(held.activity_date, delivered.activity_date)') }}
        and coalesce(held.used_rows, 0) <> coalesce(delivered.rows, 0)
    )
    or coalesce(held.rejected_rows, 0) <> coalesce(delivered.rejected_rows, 0)
