{% macro plan_holds(tier, day) -%}
    {{ tier_key(tier) }} = plan_prices.tier_key
    and {{ day }} >= plan_prices.valid_from
    and {{ day }} < plan_prices.valid_before
{%- endmacro %}
