-- Parts are numbered from 1 without a gap; a missing last part cannot be seen. A warning, as it
-- lies in the delivery: fetch again with scripts/sync_reports.py, or ask AWS.
{{ config(severity='warn') }}

select
    activity_date,
    account_id,
    region,
    client_type,
    max(part) as highest_part,
    count(distinct part) as parts
from {{ ref('stg_kiro__report_files') }}
where
    is_current
    and part is not null
group by
    activity_date,
    account_id,
    region,
    client_type
having max(part) <> count(distinct part)
