{% macro with_scope(relation) -%}
    select
        *,
        coalesce(subscription_tier, '(unknown)') as tier,
        '(all)' as scope_team
    from {{ relation }}
    union all
    -- Groups without a seat this month are shown as small groups.
    select
        {{ relation }}.*,
        coalesce({{ relation }}.subscription_tier, '(unknown)') as tier,
        coalesce(shown_groups.shown_team, '(small groups)') as scope_team
    from {{ relation }}
    {{ join_shown_groups(relation) }}
    where exists (select 1 from {{ ref('int_users_teamed') }})
{%- endmacro %}
