with

seats as (
    select * from {{ ref('int_seats_held') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

people as (
    select distinct
        seats.user_id,
        as_of.month_start_date as usage_month
    from seats
    cross join as_of
    where exists (select 1 from {{ ref('int_users_teamed') }})
)

-- Groups without a seat this month are shown as small groups.
select
    -- ids
    people.user_id,

    -- text
    coalesce(shown_groups.shown_team, '(small groups)') as team,
    coalesce(shown_groups.shown_cost_center, '(small groups)') as cost_center
from people
{{ join_shown_groups('people') }}
