{% macro is_count(number) -%}
    coalesce(
        {{ number }} between 0 and 1e9 and {{ number }} = floor({{ number }}), false
    )
{%- endmacro %}
