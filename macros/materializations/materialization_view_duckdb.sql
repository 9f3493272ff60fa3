{#- dbt's own makes a second view, renames both, and drops the earlier one. -#}
{% materialization view, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='view') -%}
    {{ return(made_in_one_statement(relation, get_create_view_as_sql(relation, compiled_code))) }}
{% endmaterialization %}
