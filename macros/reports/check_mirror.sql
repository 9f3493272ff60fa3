{% macro check_mirror() %}{% endmacro %}
