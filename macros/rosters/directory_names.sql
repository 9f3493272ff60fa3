{% macro directory_names(list_rows) -%}
    select
        name,
        max(user_id) as user_id
    from (
        {%- for name in ['user_name', 'email'] %}
        select
            lower({{ name }}) as name,
            {{ bare_user_id('user_id') }} as user_id
        from {{ list_rows }}
        where list_kind = 'directory'
        {%- if not loop.last %}
        union all
        {%- endif %}
        {%- endfor %}
    ) as names
    where name is not null
    group by name
    having count(distinct user_id) = 1
{%- endmacro %}
