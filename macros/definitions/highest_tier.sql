{#-
    Aggregate: the highest of several tiers, by the allowance of their plans. A tier without a plan
    counts only where no other is known, then the last by name.
-#}
{% macro highest_tier(tier, plan_allowance) -%}
    coalesce(
        max_by({{ tier }}, {{ plan_allowance }}) filter (where {{ plan_allowance }} is not null),
        max({{ tier }})
    )
{%- endmacro %}
