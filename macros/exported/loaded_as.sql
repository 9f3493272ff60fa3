{% macro loaded_as(materialization) -%}
    {{ return(materialization if target.type == 'duckdb' else 'exported') }}
{%- endmacro %}
