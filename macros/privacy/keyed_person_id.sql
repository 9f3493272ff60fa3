{#- Longer than the MD5 of earlier versions, which `kept_value` replaces. -#}
{% macro keyed_person_id(text) -%}
    'unmatched-' || left({{ keyed_hash(text, 'id') }}, 24)
{%- endmacro %}
