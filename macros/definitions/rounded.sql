{#-
    A double rounded to so many decimals, the same on every engine: how `round` and casts to
    decimals treat a five in the next place differs.
-#}
{% macro rounded(number, decimals=6) -%}
    round(cast({{ number }} as double) * 1e{{ decimals }}) / 1e{{ decimals }}
{%- endmacro %}
