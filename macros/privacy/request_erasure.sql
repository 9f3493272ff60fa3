{#- DuckDB leaves deleted values in the file. -#}
{% macro request_erasure() -%}
    {%- do run_query("copy (select 1) to '" ~ (target.path | replace("'", "''")) ~ ".erase'") -%}
    {{ log(
        "Personal data: loaded rows are converted to mode '" ~ personal_data_mode() ~ "', people "
        ~ "to forget (" ~ people_to_forget() ~ ") are removed, and the database file is rewritten "
        ~ "when dbt exits.",
        info=true
    ) }}
{%- endmacro %}
