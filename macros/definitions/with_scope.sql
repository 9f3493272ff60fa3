{% macro with_scope(relation) -%}
    select
        {{ relation }}.*,
        coalesce({{ relation }}.subscription_tier, '(unknown)') as tier,
        coalesce(user_teams.team, '(unassigned)') as team
    from {{ relation }}
    left join user_teams
        on {{ relation }}.user_id = user_teams.user_id
{%- endmacro %}
