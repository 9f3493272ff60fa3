{#- Whether a text is a whole number of at least 0; false for NaN, infinity and fractions. -#}
{% macro is_count(value) -%}
    coalesce(
        try_cast({{ value }} as double) between 0 and 1e15
        and try_cast({{ value }} as double) = floor(try_cast({{ value }} as double)),
        false
    )
{%- endmacro %}
