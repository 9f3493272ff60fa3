{#- Puts the paths that a query returns into a variable that `read_blob` accepts as its file list. -#}
{% macro set_file_list(variable, query) -%}
    set variable {{ variable }} = (
        select coalesce(list(wanted.path), cast([] as varchar[]))
        from ({{ query }}) as wanted
    )
{%- endmacro %}
