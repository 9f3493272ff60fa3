-- A missing file's data is missing from all figures. A warning about the last 30 days,
-- because the cause is in the delivery: fetch the reports again with scripts/sync_reports.py, or
-- ask AWS.
{{ config(severity='warn', meta={'findings': "finding = 'report_file_is_missing'"}) }}

select
    report_delivery.activity_date,
    report_delivery.account_id,
    report_delivery.region,
    report_delivery.client_type,
    report_delivery.status
from {{ ref('report_delivery') }} as report_delivery
cross join {{ ref('int_as_of_date') }} as as_of
where
    report_delivery.status in ('missing', 'rejected')
    and report_delivery.activity_date > {{ add_days('as_of.as_of_date', -30) }}
