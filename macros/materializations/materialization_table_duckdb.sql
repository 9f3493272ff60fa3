{#-
    dbt-duckdb's own makes a second table, renames both, and drops the earlier one: five statements,
    each of which takes dbt longer than DuckDB takes for a small table.
-#}
{% materialization table, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='table') -%}
    {{ return(made_in_one_statement(relation, create_table_as(False, relation, compiled_code))) }}
{% endmaterialization %}
