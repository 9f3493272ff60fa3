{%- set minimum = var('minimum_group_people') -%}

with

costs as (
    select * from {{ ref('int_seat_months_costed') }}
),

seat_months as (
    select * from {{ ref('int_seat_months') }}
),

-- Costs may cover fewer people than usage does, because the bill may not include everybody.
people as (
    select
        usage_month,
        user_id,
        max(is_charged) as is_charged
    from (
        select
            usage_month,
            user_id,
            1 as is_charged
        from costs
        where user_id <> '(unassigned)'
        union all
        select
            usage_month,
            user_id,
            0 as is_charged
        from seat_months
    ) as with_seats
    group by
        usage_month,
        user_id
),

teams as (
    select
        people.usage_month,
        coalesce(users.team, '(unassigned)') as team,
        coalesce(users.cost_center, '(unassigned)') as cost_center,
        sum(people.is_charged) as people
    from people
    {{ join_user_team('people') | indent }}
    group by
        people.usage_month,
        coalesce(users.team, '(unassigned)'),
        coalesce(users.cost_center, '(unassigned)')
),

-- A cost center's small teams are combined, under its name if they are large enough together.
teams_in_cost_centers as (
    select
        *,
        case when people < {{ minimum }} then '(small groups)' else team end as shown_team
    from teams
),

blocks as (
    select
        usage_month,
        cost_center,
        shown_team,
        sum(people) as people
    from teams_in_cost_centers
    group by
        usage_month,
        cost_center,
        shown_team
),

ranked as (
    select
        *,
        min(people) over (partition by usage_month) as fewest_people,
        coalesce(
            sum(people) over (
                partition by usage_month
                order by people, cost_center, shown_team
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as people_in_smaller_blocks
    from blocks
),

-- Groups that are still too small, combined with the next larger block until they are large enough.
-- Otherwise, the difference from the totals would reveal them.
judged as (
    select
        *,
        fewest_people < {{ minimum }}
        and (people < {{ minimum }} or people_in_smaller_blocks < {{ minimum }}) as is_pooled
    from ranked
),

-- If all pooled groups belong to one cost center, the pool keeps that cost center's name.
named as (
    select
        *,
        min(case when is_pooled then cost_center end) over (partition by usage_month)
        = max(case when is_pooled then cost_center end) over (partition by usage_month)
            as is_pool_of_one_cost_center
    from judged
)

select
    -- text
    teams_in_cost_centers.team,
    teams_in_cost_centers.cost_center,
    case
        when named.is_pooled then '(small groups)'
        else teams_in_cost_centers.shown_team
    end as shown_team,
    case
        when named.is_pooled and not named.is_pool_of_one_cost_center then '(small groups)'
        else teams_in_cost_centers.cost_center
    end as shown_cost_center,

    -- numbers
    cast(teams_in_cost_centers.people as bigint) as people,

    -- dates
    teams_in_cost_centers.usage_month
from teams_in_cost_centers
inner join named
    on
        teams_in_cost_centers.usage_month = named.usage_month
        and teams_in_cost_centers.cost_center = named.cost_center
        and teams_in_cost_centers.shown_team = named.shown_team
