{% macro scope_columns() -%}
    coalesce(account_id, '(all)') as account_id,
        coalesce(tier, '(all)') as subscription_tier,
        scope_team as team
{%- endmacro %}
