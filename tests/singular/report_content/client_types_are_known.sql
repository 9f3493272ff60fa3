-- A client that this version does not recognize is counted under its own name. A warning, because
-- the vendor may add clients.
{{ config(severity='warn', meta={'findings': "finding = 'client_type_is_unknown'"}) }}

select
    client_type,
    min(activity_date) as first_date,
    count(*) as report_rows
from {{ ref('int_activities_with_plan') }}
where
    {{ in_changed_days() }}
    and client_type not in {{ known_client_types() }}
group by client_type
