with

rejected_rows as (
    select * from {{ ref('stg_kiro__rejected_rows') }}
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
