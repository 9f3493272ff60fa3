{#-
    The seats that a month's amount of a plan pays for: parts of a month are rounded, and may add up
    to a little more than they are.
-#}
{% macro seats_of_amount(amount) -%}
    ceiling({{ amount }} - 0.05)
{%- endmacro %}
