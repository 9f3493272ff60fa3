{{ config(
    materialized=loaded_as('table'),
    pre_hook="{{ set_file_list('list_files', 'select path from (' ~ current_list_files() ~ ')') }}",
) }}

with

files as (
    select * from {{ ref('base_lists__files') }}
    where unreadable_reason is null
),

texts as (
    select
        substr(filename, {{ seats_dir() | length + 2 }}) as file,
        string_split(
            replace(replace(decode(content), chr(13) || chr(10), chr(10)), chr(13), chr(10)),
            chr(10)
        ) as text_lines
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

bare_lines as (
    select
        *,
        replace(raw_text, '"', '') as bare_text
    from lines
    where line_number > 1 and trim(raw_text) <> ''
),

cut_lines as (
    select
        *,
        {{ split_report_line('raw_text', 'bare_text') }} as fields
    from bare_lines
),

named as (
    select
        file_id,
        cast(line_number as integer) as line_number,
        list_kind,
        folder_account_id,
        case
            when (strlen(raw_text) - strlen(bare_text)) % 2 = 1
                then 'a quote is opened and not closed'
            when len(fields) <> len(header) then 'the row has more or fewer values than the header'
        end as cut_reason,
        {%- for meaning in var('list_columns') %}
            nullif(trim(fields[{{ list_column_position(meaning) }}]), '') as {{ meaning }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from cut_lines
),

-- Who a name is, where the directory says; a name of two people is nobody's.
directory_names as (
    select
        name,
        max(user_id) as user_id
    from (
        select
            lower(user_name) as name,
            {{ bare_user_id('user_id') }} as user_id
        from named
        where list_kind = 'directory'
        union all
        select
            lower(email) as name,
            {{ bare_user_id('user_id') }} as user_id
        from named
        where list_kind = 'directory'
    )
    where name is not null
    group by name
    having count(distinct user_id) = 1
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
    line_number,
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
    case
        when cut_reason is not null then cut_reason
        when identified_user_id is null and person_name is null
            then 'it names nobody: no user id, e-mail address or user name'
    end as rejection_reason,

    -- dates
    coalesce(
        try_cast(activation_date as date),
        cast(
            coalesce(
                try_strptime(
                    activation_date,
                    ['%m/%d/%Y', '%B %d, %Y', '%b %d, %Y', '%Y-%m-%dT%H:%M:%S%z', '%Y/%m/%d']
                )
            ) as date
        )
    ) as activated_date,
    activation_date is not null as has_activation_date
from identified
where not {{ is_forgotten(personal_id('identified_user_id')) }}
