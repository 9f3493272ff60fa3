{#- Sums of doubles differ between engines. -#}
{% macro to_credits(value) -%}
    try_cast({{ value }} as decimal(18, 6))
{%- endmacro %}
