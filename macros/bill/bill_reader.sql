{% macro bill_reader(kind, files, options='') -%}
    read_{{ kind }}(
        {{ files }}, filename = true, hive_partitioning = false
        {%- if kind == 'csv' -%}
            , all_varchar = true, header = true, delim = ',', quote = '"', escape = '"'
        {%- endif -%}
        {{ options }}
    )
{%- endmacro %}
