-- Rows that could not be used are missing from every number. A warning, because the cause is in the
-- report: see the reasons in the table rejected_rows.
{{ config(severity='warn', meta={'findings': "finding = 'report_row_is_unusable'"}) }}

select
    file,
    reason,
    count(*) as rejected_rows
from {{ ref('rejected_rows') }}
group by
    file,
    reason
