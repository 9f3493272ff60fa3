{#- A text under the key of pseudonyms, DBT_ENV_SECRET_KIRO_PSEUDONYM_KEY. -#}
{% macro pseudonym(text) -%}
    {{ keyed_hash(text, 'pseudonym') }}
{%- endmacro %}
