{#-
    The plugin `private_database` reads the file and puts the ids into variables, because dbt writes
    SQL to logs and artifacts.
-#}
{% macro people_to_forget() -%}
    {%- if not execute or target.type != 'duckdb' -%}
        {{ return(0) }}
    {%- endif -%}
    {{ return(run_query("select getvariable('people_to_forget') as people").rows[0]['people']) }}
{%- endmacro %}
