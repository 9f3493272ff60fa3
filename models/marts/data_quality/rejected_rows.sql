with

rejected_rows as (
    select * from {{ ref('int_current_rejections') }}
)

select
    -- ids
    account_id,

    -- text
    file,
    report,
    region,
    client_type,
    rejection_reason as reason,
    raw_text,

    -- numbers
    line_number,

    -- dates
    activity_date
from rejected_rows
