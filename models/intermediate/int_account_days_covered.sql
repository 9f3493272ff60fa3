with

deliveries as (
    select * from {{ ref('int_deliveries_classified') }}
),

account_days as (
    select
        account_id,
        activity_date,
        -- A weekend day on which nobody worked brings no file, and none is expected.
        bool_or(status = 'delivered')
        or bool_and(status = 'quiet' and is_weekend) as is_delivered,
        bool_or(status in ('missing', 'rejected')) as is_incomplete
    from deliveries
    group by
        account_id,
        activity_date
)

select
    -- ids
    account_id,

    -- numbers
    count(*) filter (where is_delivered) over (
        partition by account_id
        order by activity_date
        rows between unbounded preceding and current row
    ) as delivered_days_to_date,
    count(*) filter (where is_delivered and not is_incomplete) over (
        partition by account_id
        order by activity_date
        rows between unbounded preceding and current row
    ) as covered_days_to_date,

    -- booleans
    is_delivered,
    is_delivered and not is_incomplete as is_covered,

    -- dates
    activity_date,
    min(activity_date) over (partition by account_id) as first_report_date
from account_days
