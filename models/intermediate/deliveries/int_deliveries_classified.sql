with

sender_days as (
    select * from {{ ref('int_deliveries_counted') }}
),

-- Rows usually delivered on this kind of day, and the day of the last delivery.
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

-- Based on the usual number of rows at the last delivery, so that an outage does not lower it.
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

-- Days between two files of a small account, on which it is possible that nobody worked.
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
