-- If a row has no profile and its user has several profiles or none, it is counted under (unknown)
-- in its month. A warning, because the cause is in the report; (unknown) is never called a
-- duplicate or reclaimable.
{{ config(severity='warn', meta={'findings': "finding = 'profile_is_unknown'"}) }}

select
    account_id,
    client_type,
    activity_date,
    count(*) as report_rows
from {{ ref('int_activities_with_plan') }}
where
    {{ in_changed_days() }}
    and profile_id = '(unknown)'
group by
    account_id,
    client_type,
    activity_date
