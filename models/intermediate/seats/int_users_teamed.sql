with

team_members as (
    select * from {{ ref('stg_lists__team_members') }}
),

emails as (
    select * from {{ ref('int_emails_identified') }}
),

identified as (
    select
        team_members.*,
        coalesce(
            team_members.user_id,
            by_email.user_id,
            by_user_name.user_id,
            team_members.unmatched_id
        ) as member_user_id
    from team_members
    left join emails as by_email
        on team_members.user_email = by_email.user_email
    left join emails as by_user_name
        on team_members.user_name = by_user_name.user_email
),

-- Named twice, the newest list's last line holds.
ranked as (
    select
        *,
        count(*) over (partition by member_user_id) as row_count,
        row_number() over (
            partition by member_user_id
            order by list_date desc, file desc, line_number desc
        ) as recency
    from identified
)

select
    member_user_id as user_id,
    team,
    cost_center,
    row_count
from ranked
where recency = 1
