with

files as (
    select * from {{ ref('stg_rosters__files') }}
),

rejected_rows as (
    select * from {{ ref('stg_rosters__rejected_rows') }}
),

subscriptions as (
    select * from {{ ref('stg_rosters__subscriptions') }}
),

listed_seats as (
    select * from {{ ref('int_seats_listed') }}
),

accounts as (
    select * from {{ ref('int_accounts_sourced') }}
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
        'list_is_unreadable' as finding,
        'warning' as severity,
        list_kind as source,
        account_id,
        file || ': ' || unreadable_reason as example,
        1 as affected
    from files
    where unreadable_reason is not null
    union all
    select
        'list_has_unknown_columns' as finding,
        'information' as severity,
        list_kind as source,
        account_id,
        file || ': ' || unknown_columns as example,
        1 as affected
    from files
    where
        unknown_columns is not null
        and unreadable_reason is null
    union all
    select
        'list_row_is_unusable' as finding,
        'warning' as severity,
        list_kind as source,
        account_id,
        file || ', line ' || line_number || ': ' || rejection_reason as example,
        1 as affected
    from rejected_rows
    union all
    select
        'status_is_unknown' as finding,
        'warning' as severity,
        list_kind as source,
        account_id,
        file || ', line ' || line_number || ': ' || status_word as example,
        1 as affected
    from subscriptions
    where subscription_status = 'unknown'
    union all
    select
        'activation_is_no_past_day' as finding,
        'warning' as severity,
        subscriptions.list_kind as source,
        subscriptions.account_id,
        subscriptions.file || ', line ' || subscriptions.line_number as example,
        1 as affected
    from subscriptions
    cross join as_of
    where
        subscriptions.has_activation_date
        and coalesce(
            subscriptions.activated_date > as_of.as_of_date
            and subscriptions.activated_date > subscriptions.list_date,
            true
        )
    union all
    select
        'seat_is_listed_with_two_tiers' as finding,
        'warning' as severity,
        'roster' as source,
        account_id,
        user_id as example,
        1 as affected
    from listed_seats
    where tiers > 1
    union all
    select
        'listed_user_is_not_identified' as finding,
        'warning' as severity,
        'roster' as source,
        account_id,
        user_id as example,
        1 as affected
    from listed_seats
    where not is_identified
    union all
    select
        'roster_is_not_matched' as finding,
        'warning' as severity,
        'roster' as source,
        account_id,
        identified_roster_seats || ' of ' || roster_seats || ' are known' as example,
        1 as affected
    from accounts
    where
        roster_seats > 0
        and not is_roster_complete
    union all
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
        'name_is_reserved' as finding,
        'information' as severity,
        list_kind as source,
        account_id,
        file || ', line ' || line_number || ': '
        || {{ reserved_name(['subscription_tier', 'account_id', 'user_id']) }} as example,
        1 as affected
    from subscriptions
    where {{ reserved_name(['subscription_tier', 'account_id', 'user_id']) }} is not null
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

select
    -- ids
    account_id,

    -- text
    finding,
    severity,
    source,
    min(example) as example,

    -- numbers
    sum(affected) as affected,

    -- dates
    cast(null as date) as usage_month
from found
group by
    account_id,
    finding,
    severity,
    source
