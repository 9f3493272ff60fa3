{#- DuckDB reads a list of files on one thread, and the branches of a union in parallel. -#}
{% macro read_in_parts(variable) -%}
    {%- set parts = 8 -%}
    {%- for part in range(1, parts + 1) %}
    {%- set read -%}
        (
            select
                substr(filename, {{ reports_dir() | length + 2 }}) as file,
                filename,
                size,
                last_modified,
                replace(try(decode(content)), chr(13) || chr(10), chr(10)) as file_text
            from read_blob(list_slice(getvariable('{{ variable }}'), {{ part }}, -1, {{ parts }}))
        )
    {%- endset %}
    {{ caller(read) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
