{#-
    An id for somebody of whom a list gives a name only, which no directory or report knows. Without
    a key nothing that is computed from a name may stay, so that it is a mere number then.
-#}
{% macro unmatched_person_id(name) -%}
    {%- if personal_data_mode() == 'none' -%}
        'unmatched-' || dense_rank() over (order by md5(lower(trim({{ name }}))))
    {%- else -%}
        'unmatched-' || left(md5({{ match_key(name) }}), 16)
    {%- endif -%}
{%- endmacro %}
