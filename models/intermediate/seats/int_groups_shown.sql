with

costs as (
    select * from {{ ref('int_seat_months_costed') }}
),

seat_months as (
    select * from {{ ref('int_seat_months_spined') }}
),

users as (
    select * from {{ ref('int_users_teamed') }}
),

people as (
    select
        usage_month,
        user_id
    from costs
    where user_id <> '(unassigned)'
    union
    select
        usage_month,
        user_id
    from seat_months
),

memberships as (
    {%- for kind in ['team', 'cost_center'] %}
        select
            '{{ kind }}' as group_kind,
            people.usage_month,
            coalesce(users.{{ kind }}, '(unassigned)') as group_name
        from people
        left join users
            on people.user_id = users.user_id
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

sizes as (
    select
        group_kind,
        usage_month,
        group_name,
        count(*) as people
    from memberships
    group by
        group_kind,
        usage_month,
        group_name
),

ranked as (
    select
        *,
        min(people) over (partition by group_kind, usage_month) as fewest_people,
        coalesce(
            sum(people) over (
                partition by group_kind, usage_month
                order by people, group_name
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as people_in_smaller_groups
    from sizes
)

select
    -- text
    group_kind,
    group_name,
    -- The small ones together, and the next larger while they are still too few, as what the
    -- total leaves would tell of them else.
    case
        when
            fewest_people < {{ var('minimum_group_people') }}
            and (
                people < {{ var('minimum_group_people') }}
                or people_in_smaller_groups < {{ var('minimum_group_people') }}
            )
            then '(small groups)'
        else group_name
    end as shown_name,

    -- numbers
    people,

    -- dates
    usage_month
from ranked
