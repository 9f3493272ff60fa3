{{ config(
    materialized=loaded_as('table'),
    pre_hook=(
        "{{ set_file_list('earlier_lists', 'select path from (' ~ earlier_list_files() ~ ')') }}"
    ),
) }}

with

listed as (
    {{ earlier_list_files() | indent }}
),

texts as (
    select
        filename as path,
        {{ list_text_lines('content') }} as text_lines
    from read_blob(getvariable('earlier_lists'))
    where try(decode(content)) is not null
),

lines as (
    select
        listed.list_kind,
        listed.list_date,
        {{ list_header('texts.text_lines[1]') }} as header,
        unnest(texts.text_lines[2:]) as raw_text
    from texts
    inner join listed
        on texts.path = listed.path
),

-- Lists change little from day to day, so each distinct line is split only once.
different_lines as (
    select
        list_kind,
        header,
        raw_text,
        max(list_date) as list_date
    from lines
    group by
        list_kind,
        header,
        raw_text
),

named as (
    {{ list_values('different_lines') | indent }}
),

directory_names as (
    {{ directory_names('named') | indent }}
),

identified as (
    select
        named.*,
        {{ personal_id(
            "coalesce(" ~ bare_user_id('named.user_id') ~ ", by_email.user_id, by_user_name.user_id)"
        ) }} as identified_user_id
    from named
    left join directory_names as by_email
        on lower(named.email) = by_email.name
    left join directory_names as by_user_name
        on lower(named.user_name) = by_user_name.name
    where named.cut_reason is null
),

people as (
    select
        identified_user_id as user_id,
        {{ match_key('email') }} as user_email,
        {{ match_key('user_name') }} as user_name,
        {{ clear_text('display_name') }} as display_name,
        list_date,
        -- The newest list comes first and, among lists from the same day, the directory. Ties
        -- always resolve the same way.
        cast(list_date as varchar) || if(list_kind = 'directory', '2', '1') as place
    from identified
    where
        identified_user_id is not null
        and not {{ is_forgotten('identified_user_id') }}
)

select
    user_id,
    {%- for name in ['user_email', 'user_name', 'display_name'] %}
        max_by({{ name }}, place || {{ name }}) filter (where {{ name }} is not null) as {{ name }},
    {%- endfor %}
    max(list_date) as list_date
from people
group by user_id
