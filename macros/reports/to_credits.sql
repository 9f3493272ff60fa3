{#- Sums of doubles differ from engine to engine. -#}
{% macro to_credits(value) -%}
    try_cast({{ value }} as decimal(18, 6))
{%- endmacro %}
