with

deliveries as (
    select * from {{ ref('int_deliveries_classified') }}
),

account_days as (
    select
        account_id,
        activity_date,
        bool_or(status = 'delivered') as has_report,
        bool_or(
            status in ('missing', 'rejected')
            or (status = 'delivered' and not is_whole)
        ) as is_incomplete,
        coalesce(bool_or(is_short_gap), false) as is_short_gap,
        bool_and(is_weekend) as is_weekend
    from deliveries
    group by
        account_id,
        activity_date
),

dated as (
    select
        *,
        min(case when has_report then activity_date end) over (
            partition by account_id
        ) as first_report_date,
        max(case when has_report then activity_date end) over (
            partition by account_id
            order by activity_date
            rows between unbounded preceding and current row
        ) as last_report_date
    from account_days
),

judged as (
    select
        *,
        -- A weekend without work has no files, but in a longer gap, files may be missing.
        has_report
        or (
            is_weekend
            and not is_incomplete
            and {{ days_between('last_report_date', 'activity_date') }} <= 3
        )
        or (is_short_gap and not is_incomplete) as is_delivered
    from dated
    where activity_date >= first_report_date
)

select
    -- ids
    account_id,

    -- numbers
    count(case when has_report and not is_incomplete then 1 end) over (
        partition by account_id
        order by activity_date
        rows between unbounded preceding and current row
    ) as complete_days_to_date,

    -- booleans
    is_delivered,
    is_delivered and not is_incomplete as is_covered,
    is_short_gap and not is_weekend and not is_incomplete as is_assumed_quiet,

    -- dates
    activity_date,
    first_report_date
from judged
