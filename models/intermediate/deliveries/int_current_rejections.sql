{{ config(materialized='view') }}

with

rejected_rows as (
    select * from {{ ref('stg_kiro__rejected_rows') }}
),

files as (
    select * from {{ ref('int_report_files') }}
)

select
    -- ids
    rejected_rows.file_id,
    rejected_rows.line_number,
    rejected_rows.account_id,
    rejected_rows.user_id,

    -- text
    rejected_rows.file,
    rejected_rows.report,
    rejected_rows.region,
    rejected_rows.client_type,
    rejected_rows.rejection_reason,
    rejected_rows.raw_text,

    -- dates
    rejected_rows.activity_date
from rejected_rows
inner join files
    on rejected_rows.file_id = files.file_id
where not files.is_superseded
