{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='file',
    full_refresh=var('reload_reports'),
    on_schema_change='fail',
    pre_hook="{{ set_file_list('changed_reports', changed_report_files()) }}",
) }}

with

contents as (
    select
        substr(mirror.filename, {{ reports_dir() | length + 2 }}) as file,
        mirror.size as size_bytes,
        mirror.last_modified at time zone 'UTC' as modified_at,
        regexp_extract(
            mirror.filename,
            '{{ report_file_pattern() }}',
            ['account_id', 'report', 'region', 'activity_day', 'client_type', 'part', 'part_last']
        ) as name,
        replace(try(decode(mirror.content)), chr(13) || chr(10), chr(10)) as text
    from read_blob(getvariable('changed_reports')) as mirror
),

headers as (
    select
        *,
        list_transform(
            string_split(split_part(text, chr(10), 1), ','),
            -- Chr(65279) is a byte order mark.
            lambda column_name: lower(trim(replace(replace(column_name, '"', ''), chr(65279), '')))
        ) as header,
        len(list_filter(string_split(text, chr(10)), lambda line: line <> '')) - 1 as data_lines
    from contents
)

select
    cast(row_number() over (order by file)
        + {% if is_incremental() %}(select max(file_id) from {{ this }}){% else %}0{% endif %}
    as integer) as file_id,
    file,
    name.report as report,
    name.account_id as account_id,
    name.region as region,
    nullif(name.client_type, '') as client_type,
    header,
    size_bytes,
    cast(coalesce(nullif(name.part, ''), nullif(name.part_last, '')) as integer) as part,
    case when data_lines > 0 then data_lines else 0 end as data_lines,
    case
        when size_bytes = 0 then 'the file is empty'
        when text is null then 'the file is not UTF-8 text'
        when not list_has_all(header, ['date', 'userid'])
            then 'the first line is no header: it lacks the columns Date and UserId'
        when len(list_distinct(header)) < len(header)
            then 'the header names a column twice'
        when data_lines <= 0 then 'the file has a header and no rows'
        when try_strptime(name.activity_day, '%Y/%m/%d') is null
            then 'the folder is no calendar day'
    end as unreadable_reason,
    cast(try_strptime(name.activity_day, '%Y/%m/%d') as date) as activity_date,
    modified_at
from headers
