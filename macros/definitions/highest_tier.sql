{#-
    Aggregate: the highest of several subscription tiers, by their allowances. A tier without one
    counts only where no other has, then the last by name.
-#}
{% macro highest_tier(allowance) -%}
    coalesce(
        max_by(subscription_tier, {{ allowance }})
            filter (where {{ allowance }} is not null and subscription_tier is not null),
        max(subscription_tier)
    )
{%- endmacro %}
