{%- set names = ['user_email', 'user_name', 'display_name'] -%}

with

list_rows as (
    select * from {{ ref('base_rosters__rows') }}
    where rejection_reason is null
),

files as (
    select * from {{ ref('base_rosters__files') }}
),

earlier_names as (
    select * from {{ ref('base_rosters__earlier_names') }}
),

-- A user has one row per list and group; the directory has the most reliable names.
listed as (
    select
        coalesce(list_rows.user_id, list_rows.unmatched_id) as user_id,
        {%- for name in names %}
            coalesce(
                max(case when list_rows.list_kind = 'directory' then list_rows.{{ name }} end),
                max(list_rows.{{ name }})
            ) as {{ name }},
        {%- endfor %}
        max(files.list_date) as list_date
    from list_rows
    inner join files
        on list_rows.file_id = files.file_id
    where files.holds_until is null
    group by coalesce(list_rows.user_id, list_rows.unmatched_id)
)

-- People who are no longer on the newest lists keep their latest name from an earlier list.
select
    {{ outside_name('coalesce(listed.user_id, earlier_names.user_id)') }} as user_id,
    {%- for name in names %}
        coalesce(listed.{{ name }}, earlier_names.{{ name }}) as {{ name }},
    {%- endfor %}
    coalesce(listed.list_date, earlier_names.list_date) as list_date
from listed
full outer join earlier_names
    on listed.user_id = earlier_names.user_id
