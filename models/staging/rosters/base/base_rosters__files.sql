{{ config(
    materialized=loaded_as('table'),
    pre_hook="{{ set_file_list('list_files', readable_list_files()) }}",
) }}

with

listed as (
    {{ current_list_files() | indent }}
),

headers as (
    select
        filename as path,
        split_part(replace(try(decode(content)), chr(13), chr(10)), chr(10), 1) as first_line,
        {{ list_header('first_line') }} as header
    from read_blob(getvariable('list_files'))
),

judged as (
    select
        *,
        list_filter(
            header,
            lambda name: list_contains({{ known_list_columns_as_list() }}, name)
        ) as known_columns,
        list_filter(header, lambda name: not list_contains(known_columns, name)) as unknown_columns
    from headers
)

select
    cast(row_number() over (order by listed.file) as integer) as file_id,
    listed.file,
    listed.list_kind,
    nullif(regexp_extract(listed.file, '/([0-9]{12})/', 1), '') as account_id,
    judged.header,
    nullif(array_to_string(judged.unknown_columns, ', '), '') as unknown_columns,
    case
        when {{ is_too_large('listed.size_bytes') }} then '{{ too_large_reason() }}'
        when listed.size_bytes = 0 then 'the file is empty'
        when judged.first_line is null then 'the file is not UTF-8 text'
        when len(judged.known_columns) = 0 and contains(judged.first_line, ';')
            then 'its values are separated by semicolons: save it with commas'
        when len(judged.known_columns) = 0
            then 'none of its columns are known: add them to the var list_columns'
        when len(list_distinct(judged.known_columns)) < len(judged.known_columns)
            then 'a column name appears twice in its header'
    end as unreadable_reason,
    listed.list_date,
    listed.holds_from,
    listed.holds_until
from listed
left join judged
    on listed.path = judged.path
