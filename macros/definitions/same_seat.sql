{% macro same_seat(left, right) -%}
    {{ left }}.account_id = {{ right }}.account_id
    and {{ left }}.profile_id = {{ right }}.profile_id
    and {{ left }}.user_id = {{ right }}.user_id
{%- endmacro %}
