{% macro join_user_team(relation) -%}
    left join {{ ref('int_users_teamed') }} as users
        on
            {{ relation }}.user_id = users.user_id
            and coalesce(users.holds_from <= {{ relation }}.usage_month, true)
            and coalesce({{ relation }}.usage_month < users.holds_until, true)
{%- endmacro %}
