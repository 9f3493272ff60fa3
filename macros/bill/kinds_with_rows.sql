{#- Those of the kinds of bill files for which a query (a macro that takes the kind) has rows. -#}
{% macro kinds_with_rows(query_of_kind) -%}
    {%- set kinds = [] -%}
    {%- for kind in ['parquet', 'csv'] if execute and target.type == 'duckdb' -%}
        {%- if run_query('select count(*) from (' ~ query_of_kind(kind) ~ ')').rows[0][0] > 0 -%}
            {%- do kinds.append(kind) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(kinds) }}
{%- endmacro %}
