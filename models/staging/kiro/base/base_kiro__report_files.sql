{{ config(
    materialized=loaded_as('incremental'),
    incremental_strategy='delete+insert',
    unique_key='file',
    full_refresh=setting('reload_reports'),
    on_schema_change='fail',
    pre_hook="{{ set_file_list(
        'changed_reports',
        'select path from (' ~ changed_report_files() ~ ') as changed where not '
        ~ is_too_large('changed.size_bytes')
    ) }}",
) }}

with

contents as (
    {%- call(mirror) read_in_parts('changed_reports') %}
    select
        mirror.file,
        mirror.size as size_bytes,
        mirror.last_modified at time zone 'UTC' as modified_at,
        {{ report_path_parts('mirror.filename') }} as path_parts,
        mirror.file_text
    from {{ mirror }} as mirror
    {%- endcall %}
    union all
    -- Not read, because one large file could exhaust the memory.
    select
        changed.file,
        changed.size_bytes,
        changed.modified_at,
        changed.path_parts,
        null as file_text
    from ({{ changed_report_files() }}) as changed
    where {{ is_too_large('changed.size_bytes') }}
),

measured as (
    select
        *,
        regexp_extract(file_text, '^[^\n]*') as first_line,
        -- Blank lines are not counted; few files have any.
        case
            when contains(file_text, chr(10) || chr(10))
                then regexp_replace(file_text, '\n+', chr(10), 'g')
            else file_text
        end as filled_text
    from contents
),

named as (
    select
        *,
        list_transform(
            -- A line with only commas would take twenty times its size in memory.
            string_split(case when strlen(first_line) <= 1e6 then first_line else '' end, ','),
            -- Chr(65279) is a byte order mark.
            lambda column_name: lower(trim(replace(replace(column_name, '"', ''), chr(65279), '')))
        ) as column_names
    from measured
),

headers as (
    select
        * exclude (column_names),
        -- The suffix marks a model column, even if the name looks like an email address.
        list_transform(
            column_names,
            lambda name: {{ without_emails("regexp_replace(name, '_messages$', '')") }}
            || case when ends_with(name, '_messages') then '_messages' else '' end
        ) as header,
        -- Lines after the first: everything after a line break.
        strlen(filled_text) - strlen(replace(filled_text, chr(10), ''))
        - case when ends_with(filled_text, chr(10)) then 1 else 0 end as data_lines
    from named
),

judged as (
    select
        *,
        case
            when size_bytes = 0 then 'the file is empty'
            when {{ is_too_large('size_bytes') }} then '{{ too_large_reason() }}'
            when file_text is null then 'the file is not UTF-8 text'
            when strlen(first_line) > 1e6 then 'the first line is longer than a million bytes'
            when not list_has_all(header, ['date', 'userid'])
                then 'the first line is not a header: it lacks the columns Date and UserId'
            when len(list_distinct(header)) < len(header)
                then 'a column name appears twice in the header'
            when list_max(list_transform(header, lambda column_name: strlen(column_name))) > 1000
                then 'a column name is longer than 1,000 bytes'
            when data_lines = 0 then 'the file has a header and no rows'
            when try_strptime(path_parts['activity_day'], '%Y/%m/%d') is null
                then 'the folder is not a calendar day'
        end as unreadable_reason
    from headers
)

select
    cast(
        row_number() over (order by judged.file)
        {%- if is_incremental() %}
            + (select coalesce(max(loaded.file_id), 0) from {{ this }} as loaded)
        {%- endif %}
        as integer
    ) as file_id,
    judged.file,
    judged.path_parts['report'] as report,
    judged.path_parts['account_id'] as account_id,
    judged.path_parts['region'] as region,
    nullif(judged.path_parts['client_type'], '') as client_type,
    -- An unreadable file's first line may be a row.
    case when judged.unreadable_reason is null then judged.header else [] end as header,
    judged.size_bytes,
    cast(
        coalesce(
            nullif(judged.path_parts['part'], ''), nullif(judged.path_parts['last_part'], '')
        )
        as integer
    ) as part,
    cast(coalesce(judged.data_lines, 0) as bigint) as data_lines,
    0 as forgotten_lines,
    judged.unreadable_reason,
    cast(try_strptime(judged.path_parts['activity_day'], '%Y/%m/%d') as date) as activity_date,
    judged.modified_at
from judged
