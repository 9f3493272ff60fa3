{#- Whether a double is a whole number that sums can hold; NULL, NaN and infinity are none. -#}
{% macro is_count(number) -%}
    coalesce(
        {{ number }} between 0 and 1e9 and {{ number }} = floor({{ number }}), false
    )
{%- endmacro %}
