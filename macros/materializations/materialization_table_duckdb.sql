{#-
    dbt-duckdb's own materialization creates a second table, renames both, and drops the old one.
    For small tables, dbt's overhead for each of these five statements exceeds DuckDB's work.
-#}
{% materialization table, adapter='duckdb' %}
    {{ return(made_in_one_statement(this.incorporate(type='table'))) }}
{% endmaterialization %}
