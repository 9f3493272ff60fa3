{#-
    Lists of people below the folders `roster`, `directory`, `teams` and `exemptions`, with their
    `recency` among those of their folder: 1 is the newest, by the day in its name, else by its
    modification time. Lists folders; reads no file.
-#}
{% macro list_files() -%}
    select
        *,
        row_number() over (
            partition by folder
            order by list_date desc, modified_at desc, file desc
        ) as recency
    from (
        select
            lists.filename as path,
            substr(lists.filename, {{ seats_dir() | length + 2 }}) as file,
            split_part(substr(lists.filename, {{ seats_dir() | length + 2 }}), '/', 1)
                as list_kind,
            regexp_extract(lists.filename, '^(.*)/[^/]*$', 1) as folder,
            lists.size as size_bytes,
            lists.last_modified at time zone 'UTC' as modified_at,
            coalesce(
                try_cast(
                    regexp_replace(
                        lists.filename,
                        '^.*(20[0-9]{2})-?([0-9]{2})-?([0-9]{2})[^/]*$',
                        '\1-\2-\3'
                    ) as date
                ),
                cast(lists.last_modified at time zone 'UTC' as date)
            ) as list_date
        from {{ source('seats', 'list_files') }} as lists
    ) as listed
    where
        listed.list_kind in ('roster', 'directory', 'teams', 'exemptions')
        and listed.file not like '%/.%'
        {%- if var('as_of_date') %}
        and listed.list_date <= cast('{{ var("as_of_date") }}' as date)
        {%- endif %}
{%- endmacro %}
