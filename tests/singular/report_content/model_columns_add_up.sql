-- If a row has model columns, they should add up to Total_Messages; a difference is counted as
-- (unattributed). A warning, because the cause is in the report.
{{ config(severity='warn', meta={'findings': "finding = 'model_columns_do_not_add_up'"}) }}

select
    account_id,
    user_id,
    client_type,
    activity_date,
    messages,
    attributed_messages
from {{ ref('int_activities_with_plan') }}
where
    {{ in_changed_days() }}
    and attributed_messages > 0
    and messages <> attributed_messages
