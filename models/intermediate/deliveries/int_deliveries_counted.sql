{{ config(materialized='view') }}

with

files as (
    select * from {{ ref('int_report_files') }}
    where report = 'user_report'
),

rejected_rows as (
    select * from {{ ref('int_current_rejections') }}
    where report = 'user_report'
),

days as (
    select * from {{ ref('int_days_spined') }}
),

file_rejections as (
    select
        file_id,
        count(*) as rejected_row_count,
        count(case when user_id is null then 1 end) as unnamed_row_count
    from rejected_rows
    group by file_id
),

deliveries as (
    select
        files.account_id,
        files.region,
        files.client_type,
        files.activity_date,
        count(*) as file_count,
        count(*) filter (where files.is_current) as part_count,
        sum(case when files.is_current then files.used_rows else 0 end) as row_count,
        coalesce(sum(file_rejections.rejected_row_count), 0) as rejected_row_count,
        coalesce(sum(file_rejections.unnamed_row_count), 0) as unnamed_row_count,
        count(case when not files.is_current and not files.is_superseded then 1 end)
            as unusable_file_count,
        coalesce(max(case when files.is_current then files.part end), 0)
        - count(distinct case when files.is_current then files.part end) as lost_part_count,
        count(distinct case when files.is_patch then files.delivery_number end)
            as partial_delivery_count,
        min(files.delivered_at) as first_delivered_at,
        max(files.delivered_at) as last_delivered_at
    from files
    left join file_rejections
        on files.file_id = file_rejections.file_id
    where files.activity_date is not null
    group by
        files.account_id,
        files.region,
        files.client_type,
        files.activity_date
),

senders as (
    select
        account_id,
        region,
        client_type,
        min(activity_date) as first_date
    from deliveries
    group by
        account_id,
        region,
        client_type
)

select
    -- ids
    senders.account_id,

    -- text
    senders.region,
    senders.client_type,

    -- numbers
    coalesce(deliveries.file_count, 0) as file_count,
    coalesce(deliveries.part_count, 0) as part_count,
    coalesce(deliveries.row_count, 0) as row_count,
    coalesce(deliveries.rejected_row_count, 0) as rejected_row_count,
    coalesce(deliveries.partial_delivery_count, 0) as partial_delivery_count,

    -- booleans
    days.is_weekend,
    coalesce(deliveries.part_count, 0) > 0 as is_delivered,
    -- All parts, and at most one row in a hundred rejected without a user id.
    coalesce(
        deliveries.unusable_file_count = 0
        and deliveries.lost_part_count = 0
        and (
            deliveries.unnamed_row_count = 0
            or (
                deliveries.row_count + deliveries.rejected_row_count >= 100
                and deliveries.unnamed_row_count * 100
                <= deliveries.row_count + deliveries.rejected_row_count
            )
        ),
        false
    ) as is_whole,

    -- dates
    days.activity_date,
    deliveries.first_delivered_at,
    deliveries.last_delivered_at
from senders
inner join days
    on senders.first_date <= days.activity_date
left join deliveries
    on
        senders.account_id = deliveries.account_id
        and senders.region = deliveries.region
        and senders.client_type = deliveries.client_type
        and days.activity_date = deliveries.activity_date
