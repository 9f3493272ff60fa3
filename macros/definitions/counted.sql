{% macro counted(number, one, several) -%}
    {{ in_words(number) }}
    || case when {{ number }} = 1 then ' {{ one }}' else ' {{ several }}' end
{%- endmacro %}
