{% macro outlook_scopes(relation) -%}
    select
        account_id as scope,
        '(all)' as team,
        *
    from {{ relation }}
    union all
    select
        '(all)' as scope,
        '(all)' as team,
        *
    from {{ relation }}
    union all
    select
        '(all)' as scope,
        shown_groups.shown_team as team,
        {{ relation }}.*
    from {{ relation }}
    {{ join_shown_groups(relation) }}
    where exists (select 1 from {{ ref('int_users_teamed') }})
{%- endmacro %}
