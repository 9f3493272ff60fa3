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
