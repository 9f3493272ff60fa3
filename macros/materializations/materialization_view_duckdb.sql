{#- dbt's own materialization creates a second view, renames both, and drops the old one. -#}
{% materialization view, adapter='duckdb' %}
    {{ return(made_in_one_statement(this.incorporate(type='view'))) }}
{% endmaterialization %}
