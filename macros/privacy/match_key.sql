{#- An e-mail address or user name as tables hold it, equal for equal people. -#}
{% macro match_key(text) -%}
    lower(trim({{ text }}))
{%- endmacro %}
