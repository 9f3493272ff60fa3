{#-
    Puts the paths that a query returns into a variable that `read_blob` accepts as its file list,
    which reads each as a pattern: `*`, `?` and `[` stand for themselves in brackets.
-#}
{% macro set_file_list(variable, query) -%}
    set variable {{ variable }} = (
        select
            coalesce(
                list(regexp_replace(wanted.path, '([*?[])', '[\1]', 'g')), cast([] as varchar[])
            )
        from ({{ query }}) as wanted
    )
{%- endmacro %}
