{% macro unread_bill_readers() -%}
    {%- set readers = [] -%}
    {%- for kind in ['parquet', 'csv'] if execute and target.type == 'duckdb' -%}
        {%- if run_query('select count(*) from (' ~ unread_bill_files(kind) ~ ')').rows[0][0] > 0 -%}
            {%- do readers.append(
                bill_reader(kind, "getvariable('unread_bill_" ~ kind ~ "')", ', union_by_name = true')
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(readers) }}
{%- endmacro %}
