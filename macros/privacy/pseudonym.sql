{% macro pseudonym(text) -%}
    {{ keyed_hash(text, 'pseudonym') }}
{%- endmacro %}
