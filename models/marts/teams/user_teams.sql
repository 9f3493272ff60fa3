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
),

-- A group of which nobody holds a seat this month is as small as can be.
teams as (
    select
        people.user_id,
        coalesce(shown_groups.shown_name, '(small groups)') as team
    from people
    {{ join_shown_group('people', 'team') | indent }}
),

cost_centers as (
    select
        people.user_id,
        coalesce(shown_groups.shown_name, '(small groups)') as cost_center
    from people
    {{ join_shown_group('people', 'cost_center') | indent }}
)

select
    -- ids
    teams.user_id,

    -- text
    teams.team,
    cost_centers.cost_center
from teams
inner join cost_centers
    on teams.user_id = cost_centers.user_id
