with

deliveries as (
    select * from {{ ref('int_deliveries_classified') }}
)

select
    -- ids
    account_id,

    -- text
    region,
    client_type,
    status,

    -- numbers
    file_count as files,
    part_count as parts,
    row_count as rows,
    rejected_row_count as rejected_rows,
    partial_delivery_count as partial_deliveries,

    -- dates
    activity_date,
    first_delivered_at,
    last_delivered_at
from deliveries
