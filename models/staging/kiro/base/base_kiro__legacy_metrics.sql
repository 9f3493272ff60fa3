{{ config(materialized=loaded_as('view')) }}

with

report_rows as (
    select
        file_id,
        line_number,
        user_id,
        activity_date,
        unnest(metrics) as counted
    from {{ ref('base_kiro__legacy_report_rows') }}
    where rejection_reason is null
)

select
    file_id,
    line_number,
    user_id,
    activity_date,
    counted['metric'] as metric,
    counted['metric_count'] as metric_count
from report_rows
