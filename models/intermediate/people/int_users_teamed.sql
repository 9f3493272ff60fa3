with

team_members as (
    select * from {{ ref('stg_rosters__team_members') }}
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

starts as (
    select distinct holds_from
    from team_members
),

-- Periods between list changes, in any folder.
periods as (
    select
        holds_from,
        coalesce(holds_from, cast('1900-01-01' as date)) as first_date,
        lead(holds_from) over (
            order by holds_from asc nulls first
        ) as holds_until
    from starts
),

held as (
    select
        identified.member_user_id,
        identified.team,
        identified.cost_center,
        identified.list_date,
        identified.file,
        identified.line_number,
        periods.holds_from,
        periods.holds_until
    from identified
    inner join periods
        on
            coalesce(identified.holds_from <= periods.first_date, identified.holds_from is null)
            and coalesce(identified.holds_until > periods.first_date, true)
),

-- If a person is listed twice, the last line of the newest list is used.
ranked as (
    select
        *,
        count(*) over (partition by member_user_id, holds_from) as row_count,
        row_number() over (
            partition by member_user_id, holds_from
            order by list_date desc, file desc, line_number desc
        ) as recency
    from held
)

select
    -- ids
    member_user_id as user_id,

    -- text
    team,
    cost_center,

    -- numbers
    row_count,

    -- dates
    holds_from,
    holds_until
from ranked
where recency = 1
