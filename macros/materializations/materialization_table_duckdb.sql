{#-
    dbt-duckdb's own materialization creates a second table, renames both, and drops the earlier
    one: five statements, each of which takes dbt longer than DuckDB takes for a small table.
-#}
{% materialization table, adapter='duckdb' %}
    {{ return(made_in_one_statement(this.incorporate(type='table'))) }}
{% endmaterialization %}
