-- Rows used and rejected, by day and client, are those of the tables that hold them.
with

delivered as (
    select
        sum(rows) as used_rows,
        sum(rejected_rows) as rejected_rows
    from {{ ref('report_delivery') }}
),

activities as (
    select count(*) as used_rows
    from {{ ref('int_activities_priced') }}
),

rejected as (
    select count(*) as rejected_rows
    from {{ ref('rejected_rows') }} as rejections
    -- Days after as_of_date, or before the first report, have no deliveries.
    inner join {{ ref('int_days_spined') }} as days
        on rejections.activity_date = days.activity_date
    where rejections.report = 'user_report'
)

select
    delivered.used_rows,
    activities.used_rows as held_rows,
    delivered.rejected_rows,
    rejected.rejected_rows as held_rejected_rows
from delivered
cross join activities
cross join rejected
where
    delivered.used_rows <> activities.used_rows
    or delivered.rejected_rows <> rejected.rejected_rows
