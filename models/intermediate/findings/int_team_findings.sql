with

files as (
    select * from {{ ref('stg_rosters__files') }}
),

team_members as (
    select * from {{ ref('stg_rosters__team_members') }}
),

users as (
    select * from {{ ref('int_users_teamed') }}
    where holds_until is null
),

exemptions as (
    select * from {{ ref('int_exemptions_identified') }}
),

held_seats as (
    select * from {{ ref('int_seats_held') }}
),

groups_shown as (
    select * from {{ ref('int_groups_shown') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

budgets as (
    {{ budgets('team_budgets_usd', 'team') }}
),

shown_teams as (
    select distinct groups_shown.shown_team
    from groups_shown
    inner join as_of
        on groups_shown.usage_month = as_of.month_start_date
    where exists (select 1 from users)
),

team_files as (
    select count(*) as files
    from files
    where
        list_kind = 'teams'
        and unreadable_reason is null
),

seat_users as (
    select distinct user_id
    from held_seats
    where
        not is_cancelled
        and not is_pending
),

found as (
    select
        'person_is_in_two_teams' as finding,
        'warning' as severity,
        'teams' as source,
        cast(null as {{ dbt.type_string() }}) as account_id,
        user_id as example,
        1 as affected
    from users
    where row_count > 1
    union all
    select
        'name_is_reserved' as finding,
        'information' as severity,
        'teams' as source,
        cast(null as {{ dbt.type_string() }}) as account_id,
        file || ', line ' || line_number || ': '
        || {{ reserved_name(['team', 'cost_center', 'user_id']) }} as example,
        1 as affected
    from team_members
    where {{ reserved_name(['team', 'cost_center', 'user_id']) }} is not null
    union all
    select
        'team_member_holds_no_seat' as finding,
        'information' as severity,
        'teams' as source,
        cast(null as {{ dbt.type_string() }}) as account_id,
        users.user_id as example,
        1 as affected
    from users
    left join seat_users
        on users.user_id = seat_users.user_id
    where seat_users.user_id is null
    union all
    select
        'budget_has_no_team' as finding,
        'warning' as severity,
        'teams' as source,
        cast(null as {{ dbt.type_string() }}) as account_id,
        budgets.team as example,
        1 as affected
    from budgets
    left join shown_teams
        on budgets.team = shown_teams.shown_team
    where
        budgets.team <> '(all)'
        and shown_teams.shown_team is null
    union all
    select
        'exempt_person_holds_no_seat' as finding,
        'information' as severity,
        'exemptions' as source,
        cast(null as {{ dbt.type_string() }}) as account_id,
        exemptions.user_id as example,
        1 as affected
    from exemptions
    left join seat_users
        on exemptions.user_id = seat_users.user_id
    where seat_users.user_id is null
    union all
    select
        'seat_has_no_team' as finding,
        'information' as severity,
        'teams' as source,
        cast(null as {{ dbt.type_string() }}) as account_id,
        seat_users.user_id as example,
        1 as affected
    from seat_users
    cross join team_files
    left join users
        on seat_users.user_id = users.user_id
    where
        users.user_id is null
        and team_files.files > 0
)

{{ findings_by_month('found', usage_month='cast(null as date)') }}
