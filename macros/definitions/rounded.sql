{#- Engines round halves differently, in `round` and in casts to decimals. -#}
{% macro rounded(number, decimals=6) -%}
    round(cast({{ number }} as double) * 1e{{ decimals }}) / 1e{{ decimals }}
{%- endmacro %}
