-- The bill, the roster, the directory or the list of teams has something to look at. A warning, as
-- it lies in those files: data_quality_findings says what, and what to do.
{{ config(
    severity='warn', meta={'findings': "severity = 'warning' and source <> 'reports'"}
) }}

select
    source,
    finding,
    account_id,
    usage_month,
    affected,
    advice
from {{ ref('data_quality_findings') }}
where
    severity = 'warning'
    and source <> 'reports'
