{#- A text that `is_count` holds for, as a number; through double, so that 4.0 and 1e3 are read. -#}
{% macro to_count(value) -%}
    try_cast(try_cast({{ value }} as double) as bigint)
{%- endmacro %}
