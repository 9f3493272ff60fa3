{#-
    Longer than the MD5 hashes of earlier versions, so that `kept_value` can recognize and replace
    those.
-#}
{% macro keyed_person_id(text) -%}
    'unmatched-' || left({{ keyed_hash(text, 'id') }}, 24)
{%- endmacro %}
