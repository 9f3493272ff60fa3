{#-
    Based on the name's MD5 hash, as in earlier versions, so that advice logged earlier still
    belongs to the same person.
-#}
{% macro unmatched_person_id(name) -%}
    {%- set key = match_key(name) if personal_data_mode() == 'pseudonym' else 'lower(trim(' ~ name ~ '))' -%}
    {%- set by_md5 = "'unmatched-' || left(md5(" ~ key ~ "), 16)" -%}
    {{ by_md5 if personal_data_mode() == 'pseudonym' else keyed_person_id(by_md5) }}
{%- endmacro %}
