{#-
    A tier's name as tiers are compared: `PRO_PLUS`, `ProPlus`, `Pro+`, `Kiro Pro+` and
    `KIRO_ENTERPRISE_PRO_PLUS` are one.
-#}
{% macro tier_key(tier) -%}
    regexp_replace(
        replace(replace(replace(replace(lower({{ tier }}), '_', ''), '-', ''), ' ', ''), '+', 'plus'),
        '^(kiroenterprise|kiro|qdeveloperstandalone|qdeveloper)',
        ''
    )
{%- endmacro %}
