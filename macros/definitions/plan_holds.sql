{#- Join condition: the plan (`plan_prices`) of a tier that holds on a day. -#}
{% macro plan_holds(tier, day) -%}
    {{ tier_key(tier) }} = plan_prices.tier_key
    and {{ day }} >= plan_prices.valid_from
    and {{ day }} < plan_prices.valid_before
{%- endmacro %}
