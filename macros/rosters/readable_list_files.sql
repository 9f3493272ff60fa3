{% macro readable_list_files() -%}
    select listed.path
    from ({{ current_list_files() }}) as listed
    where not {{ is_too_large('listed.size_bytes') }}
{%- endmacro %}
