{{ config(materialized='table') }}

with

recorded as (
    select * from {{ ref('base_kiro__report_files') }}
),

report_rows as (
    select
        file_id,
        rejection_reason
    from {{ ref('base_kiro__user_report_rows') }}
    union all
    select
        file_id,
        rejection_reason
    from {{ ref('base_kiro__legacy_report_rows') }}
),

row_counts as (
    select
        file_id,
        count(*) filter (where rejection_reason is null) as used_rows
    from report_rows
    group by file_id
),

visible as (
    select
        recorded.*,
        coalesce(row_counts.used_rows, 0) as used_rows,
        -- Rows of forgotten people count as delivered.
        coalesce(row_counts.used_rows, 0) > 0
        or (coalesce(recorded.forgotten_lines, 0) > 0 and recorded.unreadable_reason is null)
            as is_usable
    from recorded
    left join row_counts
        on recorded.file_id = row_counts.file_id
    {% if var('as_of_date') %}
    where
        recorded.activity_date <= cast('{{ var("as_of_date") }}' as date)
        or recorded.activity_date is null
    {% endif %}
)

select
    -- ids
    file_id,
    account_id,

    -- text
    file,
    report,
    region,
    client_type,
    unreadable_reason,

    -- numbers
    part,
    data_lines,
    used_rows,

    -- booleans
    is_usable,

    -- dates
    activity_date,
    modified_at as delivered_at
from visible
