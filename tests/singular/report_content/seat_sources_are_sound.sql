-- The bill, the roster, the directory, or a list of teams or exemptions needs attention. A warning,
-- because the cause is in those files: data_quality_findings says what is wrong and what to do.
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
