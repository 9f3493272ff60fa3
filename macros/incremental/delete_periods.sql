{#-
    Run before an incremental model: deletes the days or months (`period`, a column) that a query
    of one column returns. On Spark the model is partitioned by that column, and the partitions go.
-#}
{% macro delete_periods(period, query) -%}
    {%- if is_incremental() -%}
        {{ return(adapter.dispatch('delete_periods')(period, query)) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__delete_periods(period, query) -%}
    delete from {{ this }}
    where {{ period }} in ({{ query }})
{%- endmacro %}

{% macro spark__delete_periods(period, query) -%}
    {%- set days = run_query(query).columns[0].values() if execute else [] -%}
    {%- if days -%}
        alter table {{ this }} drop if exists
        {%- for day in days %}
        partition ({{ period }} = date '{{ day }}')
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    {%- endif -%}
{%- endmacro %}
