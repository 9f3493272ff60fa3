{#-
    `read_blob` treats each path as a pattern. In brackets, `*`, `?`, and `[` are literal.
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
