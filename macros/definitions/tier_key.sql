{% macro tier_key(tier) -%}
    regexp_replace(
        replace(replace(replace(replace(lower({{ tier }}), '_', ''), '-', ''), ' ', ''), '+', 'plus'),
        '^(kiroenterprise|kiro|qdeveloperstandalone|qdeveloper)',
        ''
    )
{%- endmacro %}
