{{ config(
    materialized=loaded_as('table'),
    pre_hook="{{ set_file_list('list_files', readable_list_files()) }}",
) }}

with

files as (
    select * from {{ ref('base_rosters__files') }}
    where unreadable_reason is null
),

texts as (
    select
        substr(filename, {{ seats_dir() | length + 2 }}) as file,
        {{ list_text_lines('content') }} as text_lines
    from read_blob(getvariable('list_files'))
    where try(decode(content)) is not null
),

lines as (
    select
        files.file_id,
        files.list_kind,
        files.account_id as folder_account_id,
        files.header,
        generate_subscripts(texts.text_lines, 1) as line_number,
        unnest(texts.text_lines) as raw_text
    from texts
    inner join files
        on texts.file = files.file
),

rows_below_header as (
    select * from lines
    where line_number > 1
),

named as (
    {{ list_values('rows_below_header') | indent }}
),

directory_names as (
    {{ directory_names('named') | indent }}
),

identified as (
    select
        named.*,
        coalesce(
            {{ bare_user_id('named.user_id') }}, by_email.user_id, by_user_name.user_id
        ) as identified_user_id,
        coalesce(named.email, named.user_name) as person_name
    from named
    left join directory_names as by_email
        on lower(named.email) = by_email.name
    left join directory_names as by_user_name
        on lower(named.user_name) = by_user_name.name
)

select
    -- ids
    file_id,
    cast(line_number as integer) as line_number,
    coalesce(account_id, folder_account_id) as account_id,
    {{ personal_id('identified_user_id') }} as user_id,
    {{ unmatched_person_id('person_name') }} as unmatched_id,

    -- text
    list_kind,
    {{ match_key('email') }} as user_email,
    {{ match_key('user_name') }} as user_name,
    {{ clear_text('display_name') }} as display_name,
    group_name,
    subscription_status,
    subscription_tier,
    team,
    cost_center,
    {{ without_emails('exemption_reason') }} as exemption_reason,
    case
        when cut_reason is not null then cut_reason
        when identified_user_id is null and person_name is null
            then 'it has no user id, email address or user name'
        when
            list_kind = 'exemptions'
            and exempt_until is not null
            and {{ list_day('exempt_until') }} is null
            then 'the last day of the exemption is not a date'
    end as rejection_reason,

    -- dates
    {{ list_day('activation_date') }} as activated_date,
    {{ list_day('exempt_until') }} as exempt_until,

    -- booleans
    activation_date is not null as has_activation_date
from identified
where not {{ is_forgotten(personal_id('identified_user_id')) }}
