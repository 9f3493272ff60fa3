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
        -- All parts, and of the rows no more than one in a hundred lost without a name.
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
),

account_days as (
    select
        account_id,
        activity_date,
        bool_and(is_weekend) as is_weekend,
        bool_or(file_count > 0) as has_file
    from sender_days
    group by
        account_id,
        activity_date
),

counted_days as (
    select
        *,
        count(case when not is_weekend then 1 end) over (
            partition by account_id
            order by activity_date
            rows between unbounded preceding and current row
        ) as weekdays_to_date,
        count(case when not is_weekend then 1 end) over (
            partition by account_id
            order by activity_date
            rows between unbounded preceding and 1 preceding
        ) as weekdays_before
    from account_days
),

neighbors as (
    select
        *,
        max(case when has_file then weekdays_to_date end) over (
            partition by account_id
            order by activity_date
            rows between unbounded preceding and current row
        ) as weekdays_to_last_file,
        min(case when has_file then weekdays_before end) over (
            partition by account_id
            order by activity_date
            rows between current row and unbounded following
        ) as weekdays_to_next_file
    from counted_days
),

-- Days between two files of a small account on which perhaps nobody worked.
gaps as (
    select
        account_id,
        activity_date,
        not has_file and weekdays_to_next_file - weekdays_to_last_file <= 5 as is_short_gap
    from neighbors
),

judged as (
    select
        expectations.*,
        {{ 'coalesce(gaps.is_short_gap, false)' if var('assume_quiet_days') else 'false' }}
            as is_short_gap
    from expectations
    inner join gaps
        on
            expectations.account_id = gaps.account_id
            and expectations.activity_date = gaps.activity_date
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
        when is_short_gap and not is_weekend then 'assumed_quiet'
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
    is_delivered and is_whole as is_whole,
    is_short_gap,

    -- dates
    activity_date,
    first_delivered_at,
    last_delivered_at
from judged
