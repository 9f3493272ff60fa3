{% macro highest_tier(allowance) -%}
    coalesce(
        max_by(subscription_tier, {{ allowance }})
            filter (where {{ allowance }} is not null and subscription_tier is not null),
        max(subscription_tier)
    )
{%- endmacro %}
