{#- A tier's name as tiers are compared: `PRO_PLUS`, `ProPlus`, `Pro+` and `pro plus` are one. -#}
{% macro tier_key(tier) -%}
    replace(replace(replace(replace(lower({{ tier }}), '_', ''), '-', ''), ' ', ''), '+', 'plus')
{%- endmacro %}
