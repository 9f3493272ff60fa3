with

user_report_rows as (
    select * from {{ ref('base_kiro__user_report_rows') }}
),

legacy_report_rows as (
    select * from {{ ref('base_kiro__legacy_report_rows') }}
),

files as (
    select * from {{ ref('base_kiro__report_files') }}
),

rejected as (
    select
        file_id,
        line_number,
        user_id,
        rejection_reason,
        raw_text
    from user_report_rows
    where rejection_reason is not null
    union all
    select
        file_id,
        line_number,
        user_id,
        rejection_reason,
        raw_text
    from legacy_report_rows
    where rejection_reason is not null
    union all
    -- A file without any lines after its header is rejected as one row without a line number.
    select
        file_id,
        cast(null as integer) as line_number,
        cast(null as {{ dbt.type_string() }}) as user_id,
        unreadable_reason as rejection_reason,
        cast(null as {{ dbt.type_string() }}) as raw_text
    from files
    where unreadable_reason is not null and data_lines = 0
)

select
    -- ids
    rejected.file_id,
    rejected.line_number,
    files.account_id,
    -- If the line could be split into columns.
    nullif({{ outside_name('rejected.user_id') }}, '') as user_id,

    -- text
    files.file,
    files.report,
    files.region,
    files.client_type,
    rejected.rejection_reason,
    rejected.raw_text,

    -- dates
    files.activity_date
from rejected
inner join files
    on rejected.file_id = files.file_id
