with

files as (
    select * from {{ ref('stg_kiro__report_files') }}
),

-- A delivery is for one report, account, Region, client and day.
slotted as (
    select
        *,
        part is null as is_whole,
        dense_rank() over (
            order by report, account_id, region, client_type, activity_date
        ) as slot
    from files
),

-- A delivery's files arrive within an hour and are split the same way: one whole file, or parts.
timed as (
    select
        *,
        lag(delivered_at) over (
            partition by slot, is_whole
            order by delivered_at, part, file
        ) as previous_delivered_at
    from slotted
),

bursts as (
    select
        *,
        count(case when delivered_at > previous_delivered_at + interval '1' hour then 1 end) over (
            partition by slot, is_whole
            order by delivered_at, part, file
            rows between unbounded preceding and current row
        ) as burst
    from timed
),

repeated as (
    select
        *,
        row_number() over (
            partition by slot, is_whole, burst, part
            order by delivered_at, file
        ) as repetition
    from bursts
),

-- A file or part that arrives again within the hour starts another delivery.
rounds as (
    select
        *,
        max(repetition) over (
            partition by slot, is_whole, burst
            order by delivered_at, part, file
            rows between unbounded preceding and current row
        ) as round_number
    from repeated
),

-- Complete: the whole file, or parts 1 to n. An unusable part is a gap.
deliveries as (
    select
        slot,
        is_whole,
        burst,
        round_number,
        count(distinct case when is_usable then coalesce(part, 1) end) = coalesce(max(part), 1)
            as is_complete,
        row_number() over (
            partition by slot
            order by max(delivered_at), is_whole, burst, round_number
        ) as delivery_number
    from rounds
    group by
        slot,
        is_whole,
        burst,
        round_number
),

newest_complete as (
    select
        slot,
        max(delivery_number) as delivery_number,
        max_by(is_whole, delivery_number) as is_whole
    from deliveries
    where is_complete
    group by slot
),

numbered as (
    select
        rounds.*,
        deliveries.delivery_number,
        newest_complete.delivery_number as newest_complete,
        newest_complete.is_whole as is_day_whole,
        row_number() over (
            partition by rounds.slot
            order by deliveries.delivery_number, rounds.delivered_at, rounds.file
        ) as file_number
    from rounds
    inner join deliveries
        on
            rounds.slot = deliveries.slot
            and rounds.is_whole = deliveries.is_whole
            and rounds.burst = deliveries.burst
            and rounds.round_number = deliveries.round_number
    left join newest_complete
        on rounds.slot = newest_complete.slot
),

compared as (
    select
        *,
        max(case when is_usable then file_number end) over (
            partition by slot, part
        ) as newest_of_part,
        is_usable and delivery_number > coalesce(newest_complete, 1) as is_patch
    from numbered
),

-- The newest complete delivery replaces all earlier ones. Later deliveries have gaps: each replaces
-- only the parts it has, but never a whole file, which contains the same rows.
superseded as (
    select
        *,
        coalesce(
            delivery_number < newest_complete
            or file_number < newest_of_part
            or (is_patch and is_day_whole),
            false
        ) as is_superseded
    from compared
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
    delivery_number,

    -- booleans
    is_patch,
    is_superseded,
    is_usable and not is_superseded as is_current,

    -- dates
    activity_date,
    delivered_at
from superseded
