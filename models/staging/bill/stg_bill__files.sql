with

files as (
    select * from {{ ref('base_bill__files') }}
),

-- If a version is unreadable, the file's last readable version is used.
readable as (
    select
        files.*,
        coalesce(unreadable.modified_at, files.modified_at) as written_at
    from files
    left join files as unreadable
        on
            files.file = unreadable.file
            and not unreadable.is_readable
    where files.is_readable
),

lost as (
    select files.*
    from files
    left join files as readable
        on
            files.file = readable.file
            and readable.is_readable
    where
        not files.is_readable
        and readable.file is null
),

written as (
    select
        month_folder,
        folder,
        written_at,
        0 as lost_files
    from readable
    union all
    select
        month_folder,
        folder,
        modified_at as written_at,
        1 as lost_files
    from lost
),

-- AWS rewrites a month as charges come in; some exports use a new folder each time.
runs as (
    select
        month_folder,
        folder,
        max(written_at) as written_at,
        max(lost_files) as lost_files
    from written
    group by
        month_folder,
        folder
),

-- If a run lacks a file, an earlier complete run is used.
ranked as (
    select
        *,
        row_number() over (
            partition by month_folder
            order by lost_files asc, written_at desc, folder asc
        ) as recency
    from runs
)

select
    -- ids
    readable.file_id,

    -- text
    readable.file,
    readable.month_folder,

    -- booleans
    ranked.lost_files > 0 as lacks_a_file,

    -- dates
    ranked.written_at
from readable
inner join ranked
    on
        readable.month_folder = ranked.month_folder
        and readable.folder = ranked.folder
where
    ranked.recency = 1
    -- A run's files are written within hours of each other; older files are from an earlier run.
    and readable.written_at + interval '6' hour >= ranked.written_at
