{#-
    How a base model is made: DuckDB loads files; other engines take over what DuckDB loaded and
    `scripts/export_to_parquet.py` wrote, and never run the model's SQL.
-#}
{% macro loaded_as(materialization) -%}
    {{ return(materialization if target.type == 'duckdb' else 'exported') }}
{%- endmacro %}
