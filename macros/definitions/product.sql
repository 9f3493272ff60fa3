{#-
    DuckDB multiplies decimals of up to 18 digits within 18 digits, too few for credits times a
    price.
-#}
{% macro product(decimal, factor) -%}
    cast(cast({{ decimal }} as decimal(38, 6)) * {{ factor }} as decimal(38, 6))
{%- endmacro %}
