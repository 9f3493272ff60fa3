{% macro seats_of_amount(amount) -%}
    ceiling({{ amount }} - 0.05)
{%- endmacro %}
