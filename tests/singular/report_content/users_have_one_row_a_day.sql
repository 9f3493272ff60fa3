-- A user can have two rows per day and client, for example after a change of tier; their values are
-- added up. A warning, because many such users may mean that a report was delivered twice and
-- split differently: compare the files.
{{ config(severity='warn', meta={'findings': "finding = 'user_has_two_rows_a_day'"}) }}

select
    account_id,
    profile_id,
    user_id,
    client_type,
    activity_date,
    count(*) as report_rows
from {{ ref('int_activities_with_plan') }}
where {{ in_changed_days() }}
group by
    account_id,
    profile_id,
    user_id,
    client_type,
    activity_date
having count(*) > 1
