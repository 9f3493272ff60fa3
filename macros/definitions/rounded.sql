{#- Engines differ in how `round` and casts to decimals treat a five in the next decimal place. -#}
{% macro rounded(number, decimals=6) -%}
    round(cast({{ number }} as double) * 1e{{ decimals }}) / 1e{{ decimals }}
{%- endmacro %}
