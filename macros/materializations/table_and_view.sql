{#-
    Those of dbt-duckdb make a second relation, rename both, and drop the earlier one: five
    statements, each of which takes dbt longer than DuckDB takes for a small table.
-#}
{% materialization table, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='table') -%}
    {{ return(made_in_one_statement(relation, create_table_as(False, relation, compiled_code))) }}
{% endmaterialization %}


{% materialization view, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='view') -%}
    {{ return(made_in_one_statement(relation, get_create_view_as_sql(relation, compiled_code))) }}
{% endmaterialization %}
