with

files as (
    select * from {{ ref('stg_kiro__report_files') }}
    where report = 'user_report'
),

rejected_rows as (
    select * from {{ ref('stg_kiro__rejected_rows') }}
    where report = 'user_report'
),

days as (
    select * from {{ ref('int_days_spined') }}
),

file_rejections as (
    select
        file_id,
        count(*) as rejected_row_count
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
),

sender_days as (
    select
        senders.account_id,
        senders.region,
        senders.client_type,
        days.activity_date,
        days.is_weekend,
        coalesce(deliveries.file_count, 0) as file_count,
        coalesce(deliveries.part_count, 0) as part_count,
        coalesce(deliveries.row_count, 0) as row_count,
        coalesce(deliveries.rejected_row_count, 0) as rejected_row_count,
        coalesce(deliveries.partial_delivery_count, 0) as partial_delivery_count,
        deliveries.first_delivered_at,
        deliveries.last_delivered_at,
        coalesce(deliveries.part_count, 0) > 0 as is_delivered
    from senders
    inner join days
        on senders.first_date <= days.activity_date
    left join deliveries
        on
            senders.account_id = deliveries.account_id
            and senders.region = deliveries.region
            and senders.client_type = deliveries.client_type
            and days.activity_date = deliveries.activity_date
),

-- What a sender usually delivers on this kind of day, and when it last did.
habits as (
    select
        *,
        avg(row_count) over (
            partition by account_id, region, client_type, is_weekend
            order by activity_date
            rows between {{ var('expected_delivery_days') - 1 }} preceding and current row
        ) as usual_rows,
        max(case when is_delivered then activity_date end) over (
            partition by account_id, region, client_type, is_weekend
            order by activity_date
            rows between unbounded preceding and 1 preceding
        ) as last_delivered_date
    from sender_days
),

-- As it was usual on the last delivery, so that an outage does not excuse itself.
expectations as (
    select
        habits.*,
        coalesce(
            last_delivery.usual_rows >= {{ var('expected_delivery_rows') }}
            and {{ days_between('habits.last_delivered_date', 'habits.activity_date') }}
            < {{ var('retired_client_days') }},
            false
        ) as is_expected
    from habits
    left join habits as last_delivery
        on
            habits.account_id = last_delivery.account_id
            and habits.region = last_delivery.region
            and habits.client_type = last_delivery.client_type
            and habits.last_delivered_date = last_delivery.activity_date
)

select
    -- ids
    account_id,

    -- text
    region,
    client_type,
    case
        when is_delivered then 'delivered'
        when file_count > 0 then 'rejected'
        when is_expected then 'missing'
        else 'quiet'
    end as status,

    -- numbers
    file_count,
    part_count,
    cast(row_count as bigint) as row_count,
    cast(rejected_row_count as bigint) as rejected_row_count,
    cast(partial_delivery_count as bigint) as partial_delivery_count,

    -- booleans
    is_weekend,

    -- dates
    activity_date,
    first_delivered_at,
    last_delivered_at
from expectations
