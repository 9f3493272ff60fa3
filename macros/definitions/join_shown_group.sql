{#-
    Joins of a relation's users and months (columns `user_id`, `usage_month`) to their team or cost
    center (`kind`), under the name it is shown by: `shown_groups.shown_name`, NULL for nobody.
-#}
{% macro join_shown_group(relation, kind) -%}
    left join {{ ref('int_users_teamed') }} as users
        on {{ relation }}.user_id = users.user_id
    left join {{ ref('int_groups_shown') }} as shown_groups
        on
            shown_groups.group_kind = '{{ kind }}'
            and {{ relation }}.usage_month = shown_groups.usage_month
            and coalesce(users.{{ kind }}, '(unassigned)') = shown_groups.group_name
{%- endmacro %}
