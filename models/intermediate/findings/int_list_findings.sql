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

as_of as (
    select * from {{ ref('int_as_of_date') }}
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
        'name_is_reserved' as finding,
        'information' as severity,
        list_kind as source,
        account_id,
        file || ', line ' || line_number || ': '
        || {{ reserved_name(['subscription_tier', 'account_id', 'user_id']) }} as example,
        1 as affected
    from subscriptions
    where {{ reserved_name(['subscription_tier', 'account_id', 'user_id']) }} is not null
)

{{ findings_by_month('found', usage_month='cast(null as date)') }}
