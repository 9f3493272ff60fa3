with

list_rows as (
    select * from {{ ref('base_lists__rows') }}
    where rejection_reason is null
)

-- A user has a row per list and group; the directory knows names best.
select
    coalesce(user_id, unmatched_id) as user_id,
    {%- for name in ['user_email', 'user_name', 'display_name'] %}
        coalesce(max(case when list_kind = 'directory' then {{ name }} end), max({{ name }}))
            as {{ name }}
        {%- if not loop.last %},{% endif %}
    {%- endfor %}
from list_rows
group by coalesce(user_id, unmatched_id)
