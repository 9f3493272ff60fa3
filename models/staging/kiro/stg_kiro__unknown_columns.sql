with

unknown_columns as (
    select * from {{ ref('base_kiro__unknown_columns') }}
),

files as (
    select * from {{ ref('base_kiro__report_files') }}
)

select
    -- ids
    files.file_id,
    files.account_id,

    -- text
    files.file,
    files.report,
    files.client_type,
    unknown_columns.column_name,

    -- dates
    files.activity_date
from unknown_columns
inner join files
    on unknown_columns.file_id = files.file_id
