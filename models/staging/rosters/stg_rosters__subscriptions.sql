{%- set seat_groups = setting('seat_groups') -%}

with

list_rows as (
    select * from {{ ref('base_rosters__rows') }}
    where rejection_reason is null
),

files as (
    select * from {{ ref('base_rosters__files') }}
),

statuses as (
    select * from {{ ref('subscription_statuses') }}
),

seat_groups as (
    select
        cast(null as {{ dbt.type_string() }}) as group_name,
        cast(null as {{ dbt.type_string() }}) as subscription_tier
    {%- for group_name, tier in seat_groups.items() %}
    union all
    select
        {{ text_literal(group_name) }} as group_name,
        {{ text_literal(tier) }} as subscription_tier
    {%- endfor %}
),

subscriptions as (
    select
        list_rows.file_id,
        list_rows.line_number,
        list_rows.list_kind,
        list_rows.account_id,
        list_rows.user_id,
        list_rows.unmatched_id,
        list_rows.user_email,
        list_rows.user_name,
        list_rows.subscription_tier as tier_name,
        list_rows.subscription_status as status_word,
        list_rows.activated_date,
        list_rows.has_activation_date
    from list_rows
    where list_rows.list_kind = 'roster'
    union all
    -- Members of groups that are subscribed to Kiro.
    select
        list_rows.file_id,
        list_rows.line_number,
        list_rows.list_kind,
        list_rows.account_id,
        list_rows.user_id,
        list_rows.unmatched_id,
        list_rows.user_email,
        list_rows.user_name,
        seat_groups.subscription_tier as tier_name,
        'active' as status_word,
        cast(null as date) as activated_date,
        false as has_activation_date
    from list_rows
    inner join seat_groups
        on lower(list_rows.group_name) = lower(seat_groups.group_name)
    where list_rows.list_kind = 'directory'
)

select
    -- ids
    subscriptions.file_id,
    subscriptions.line_number,
    {{ outside_name('subscriptions.account_id') }} as account_id,
    {{ outside_name('subscriptions.user_id') }} as user_id,
    subscriptions.unmatched_id,

    -- text
    files.file,
    subscriptions.list_kind,
    subscriptions.user_email,
    subscriptions.user_name,
    {{ outside_name('subscriptions.tier_name') }} as subscription_tier,
    subscriptions.status_word,
    -- A list without a status contains only subscribers.
    case
        when subscriptions.status_word is null then 'active'
        else coalesce(statuses.subscription_status, 'unknown')
    end as subscription_status,

    -- booleans
    subscriptions.has_activation_date,

    -- dates
    subscriptions.activated_date,
    files.list_date
from subscriptions
inner join files
    on subscriptions.file_id = files.file_id
left join statuses
    on lower(subscriptions.status_word) = statuses.status_word
