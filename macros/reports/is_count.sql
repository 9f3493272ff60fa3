{#- Whether a text is a whole number that sums can hold; false for NaN, infinity and fractions. -#}
{% macro is_count(value) -%}
    coalesce(
        try_cast({{ value }} as double) between 0 and 1e9
        and try_cast({{ value }} as double) = floor(try_cast({{ value }} as double)),
        false
    )
{%- endmacro %}
