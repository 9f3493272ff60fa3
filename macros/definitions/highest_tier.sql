{#-
    Aggregate: the highest of several tiers, by their allowances. A tier without one counts only
    where no other has, then the last by name.
-#}
{% macro highest_tier(tier, allowance) -%}
    coalesce(
        max_by({{ tier }}, {{ allowance }})
            filter (where {{ allowance }} is not null and {{ tier }} is not null),
        max({{ tier }})
    )
{%- endmacro %}
