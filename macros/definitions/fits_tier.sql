{#-
    Whether a month of so many credits fits a tier: with overage on, the overage below the cap; else
    within the share of the allowance that the var `tier_usable_share` says.
-#}
{% macro fits_tier(tier, credits) -%}
    (
        {{ credits }}
        <= {{ product(tier ~ '.monthly_allowance_credits', var('tier_usable_share')) }}
        or coalesce(
            overage_enabled
            and {{ credits }} - {{ tier }}.monthly_allowance_credits <= overage_cap,
            false
        )
    )
{%- endmacro %}
