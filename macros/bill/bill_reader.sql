{#-
    The table function that reads bill files of one kind, every column as text where the format
    leaves that open. `files` is an expression: a path or a list of them.
-#}
{% macro bill_reader(kind, files, options='') -%}
    read_{{ kind }}(
        {{ files }}, filename = true, hive_partitioning = false
        {%- if kind == 'csv' -%}
            , all_varchar = true, header = true, delim = ',', quote = '"', escape = '"'
        {%- endif -%}
        {{ options }}
    )
{%- endmacro %}
