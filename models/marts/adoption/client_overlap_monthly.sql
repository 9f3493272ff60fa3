with

client_users as (
    select * from {{ ref('int_client_users_counted') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
)

select
    -- ids
    client_users.account_id,

    -- text
    client_users.client_type,

    -- numbers
    client_users.clients_used,
    client_users.users,

    -- dates
    client_users.usage_month
from client_users
cross join as_of
-- This month and the twelve before it.
where client_users.usage_month >= {{ month_start(add_days('as_of.month_start_date', -360)) }}
