{% macro tier_cost_usd(tier, credits) -%}
    {{ tier }}.monthly_price_usd
    + {{ product(
        'greatest(' ~ credits ~ ' - ' ~ tier ~ '.monthly_allowance_credits, 0)',
        tier ~ '.overage_rate_usd'
    ) }}
{%- endmacro %}
