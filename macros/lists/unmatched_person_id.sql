{#- An id for somebody of whom a list gives a name only, which no directory or report knows. -#}
{% macro unmatched_person_id(name) -%}
    'unmatched-' || left(md5({{ match_key(name) }}), 16)
{%- endmacro %}
