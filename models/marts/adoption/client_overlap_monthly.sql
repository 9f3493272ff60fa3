with

activities as (
    select * from {{ ref('int_activities_priced') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- This month and the twelve before.
bounds as (
    select {{ month_start(add_days('month_start_date', -360)) }} as first_date
    from as_of
),

used_clients as (
    select
        activities.account_id,
        activities.user_id,
        activities.client_type,
        {{ month_start('activities.activity_date') }} as usage_month
    from activities
    cross join bounds
    where
        activities.activity_date >= bounds.first_date
        and {{ is_active() }}
    group by
        activities.account_id,
        activities.user_id,
        activities.client_type,
        {{ month_start('activities.activity_date') }}
),

counted as (
    select
        *,
        count(*) over (partition by account_id, user_id, usage_month) as clients_used,
        row_number() over (
            partition by account_id, user_id, usage_month
            order by client_type
        ) as client_no
    from used_clients
),

-- Each user once per client, and once as a user of any.
memberships as (
    select
        account_id,
        client_type,
        clients_used,
        usage_month
    from counted
    union all
    select
        account_id,
        '(any)' as client_type,
        clients_used,
        usage_month
    from counted
    where client_no = 1
)

select
    -- ids
    account_id,

    -- text
    client_type,

    -- numbers
    cast(clients_used as integer) as clients_used,
    count(*) as users,

    -- dates
    usage_month
from memberships
group by
    account_id,
    client_type,
    clients_used,
    usage_month
