-- Parts are numbered from 1 without gaps; a missing last part cannot be detected. A warning,
-- because the cause is in the delivery: fetch the reports again with scripts/sync_reports.py, or
-- ask AWS.
{{ config(severity='warn', meta={'findings': "finding = 'report_part_is_missing'"}) }}

select
    account_id,
    usage_month,
    affected,
    example
from {{ ref('data_quality_findings') }}
where finding = 'report_part_is_missing'
