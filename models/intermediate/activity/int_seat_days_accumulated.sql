{{ config(
    materialized='incremental',
    partition_by=['usage_month'] if target.type == 'spark' else none,
    pre_hook=[
        "{{ delete_outdated('usage_month') }}",
        "{{ delete_months_before_window(var('seat_usage_days')) }}",
    ],
) }}

with

activities as (
    select * from {{ ref('int_activities_with_plan') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- Starts on the 1st of the window's first month, so that its running total is complete.
days as (
    select days.*
    from {{ ref('int_report_days_versioned') }} as days
    cross join as_of
    where
        days.report = 'user_report'
        and days.usage_month
        >= {{ month_start(add_days('as_of.as_of_date', 1 - var('seat_usage_days'))) }}
        and {{ is_to_make('usage_month') }}
),

months as (
    select * from {{ ref('int_report_months_versioned') }}
),

-- A single blank value makes the seat's sum unknown.
seat_days as (
    select
        activities.account_id,
        activities.profile_id,
        activities.user_id,
        activities.activity_date,
        days.usage_month,
        {%- for measure in ['conversations', 'messages', 'credits_used', 'overage_credits_used'] %}
            case when count({{ measure }}) = count(*) then sum({{ measure }}) end as {{ measure }},
        {%- endfor %}
        count(distinct case when {{ is_active() }} then activities.client_type end) as clients
    from activities
    inner join days
        on activities.activity_date = days.activity_date
    group by
        activities.account_id,
        activities.profile_id,
        activities.user_id,
        activities.activity_date,
        days.usage_month
),

-- Unknown from the first day with unknown credits to the end of the month.
accumulated as (
    select
        *,
        case
            when
                count(credits_used) over month_to_date = count(*) over month_to_date
                then sum(credits_used) over month_to_date
        end as credits_used_month_to_date
    from seat_days
    window
        month_to_date as (
            partition by account_id, profile_id, user_id, usage_month
            order by activity_date
            rows between unbounded preceding and current row
        )
)

select
    -- ids
    accumulated.account_id,
    accumulated.profile_id,
    accumulated.user_id,

    -- text
    months.version,

    -- numbers
    cast(accumulated.conversations as bigint) as conversations,
    cast(accumulated.messages as bigint) as messages,
    cast(accumulated.credits_used as decimal(18, 6)) as credits_used,
    cast(accumulated.overage_credits_used as decimal(18, 6)) as overage_credits_used,
    cast(accumulated.credits_used_month_to_date as decimal(18, 6)) as credits_used_month_to_date,
    cast(accumulated.clients as integer) as clients,

    -- dates
    accumulated.activity_date,
    accumulated.usage_month
from accumulated
left join months
    on accumulated.usage_month = months.usage_month
