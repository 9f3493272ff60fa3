{#- What a month of so many credits costs on a tier (an alias of `stg_plans__plan_prices`), in USD. -#}
{% macro tier_cost_usd(tier, credits) -%}
    {{ tier }}.monthly_price_usd
    + {{ product(
        'greatest(' ~ credits ~ ' - ' ~ tier ~ '.monthly_allowance_credits, 0)',
        tier ~ '.overage_rate_usd'
    ) }}
{%- endmacro %}
