{% macro join_shown_groups(relation) -%}
    {{ join_user_team(relation) }}
    left join {{ ref('int_groups_shown') }} as shown_groups
        on
            {{ relation }}.usage_month = shown_groups.usage_month
            and coalesce(users.team, '(unassigned)') = shown_groups.team
            and coalesce(users.cost_center, '(unassigned)') = shown_groups.cost_center
{%- endmacro %}
