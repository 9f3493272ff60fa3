{#-
    A new list of teams applies from the month after its date, so that it does not change months
    that were already shown.
-#}
{% macro list_files() -%}
    select
        * exclude (next_list_date, earlier_lists),
        case
            when list_kind = 'teams' and earlier_lists > 0
                then cast(date_trunc('month', list_date) + interval 1 month as date)
        end as holds_from,
        case
            when list_kind = 'teams'
                then cast(date_trunc('month', next_list_date) + interval 1 month as date)
        end as holds_until
    from (
        select
            *,
            row_number() over (
                partition by folder
                order by list_date desc, modified_at desc, file desc
            ) as recency,
            row_number() over (
                partition by folder
                order by list_date, modified_at, file
            ) - 1 as earlier_lists,
            lead(list_date) over (
                partition by folder
                order by list_date, modified_at, file
            ) as next_list_date
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
            from {{ source('rosters', 'files') }} as lists
        ) as found
        where
            found.list_kind in ('roster', 'directory', 'teams', 'exemptions')
            and found.file not like '%/.%'
            {%- if var('as_of_date') %}
            and found.list_date <= cast('{{ var("as_of_date") }}' as date)
            {%- endif %}
    ) as listed
{%- endmacro %}
