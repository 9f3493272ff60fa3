{% macro scope_columns() -%}
    coalesce(account_id, '(all)') as account_id,
        coalesce(tier, '(all)') as subscription_tier,
        coalesce(team, '(all)') as team
{%- endmacro %}
