-- A row without a profile makes a seat of its own, (unknown), beside the user's other one. A
-- warning, as it lies in the report; such a seat is never called a duplicate or reclaimable.
{{ config(severity='warn', meta={'findings': "finding = 'profile_is_unknown'"}) }}

select
    account_id,
    client_type,
    activity_date,
    count(*) as report_rows
from {{ ref('int_activities_priced') }}
where
    {{ in_changed_days() }}
    and profile_id = '(unknown)'
group by
    account_id,
    client_type,
    activity_date
