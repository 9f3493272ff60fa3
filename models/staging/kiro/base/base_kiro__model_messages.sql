{{ config(materialized='view') }}

with

report_rows as (
    select
        file_id,
        line_number,
        activity_date,
        unnest(model_messages) as used
    from {{ ref('base_kiro__user_report_rows') }}
    where rejection_reason is null
)

select
    file_id,
    line_number,
    activity_date,
    used['model'] as model,
    used['messages'] as messages
from report_rows
