{#-
    Whether a month of so many credits fits a tier: with overage on, the overage below the cap; else
    within the share of the allowance that the var `tier_usable_share` says.
-#}
{% macro fits_tier(tier, credits, allowance='monthly_allowance_credits') -%}
    (
        {{ credits }}
        <= {{ product(tier ~ '.' ~ allowance, var('tier_usable_share')) }}
        or coalesce(
            overage_enabled
            and {{ credits }} - {{ tier }}.{{ allowance }} <= overage_cap,
            false
        )
    )
{%- endmacro %}
