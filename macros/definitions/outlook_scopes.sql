{#-
    The rows of a relation of seats (columns `account_id`, `user_id`, `usage_month`) for each row of
    the outlook that they belong to: its account (`scope`), all accounts, and its team.
-#}
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
