{#-
    Spark drops whole partitions: in a model partitioned by month, this also deletes the month's
    other days, which are then rebuilt.
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
    {%- set partition_column = config.get('partition_by')[0] -%}
    {%- set partition_of_period = (
        'deleted.' ~ period if partition_column == period else month_start('deleted.' ~ period)
    ) -%}
    {%- set partitions = run_query(
        'select distinct ' ~ partition_of_period ~ ' from (' ~ query ~ ') as deleted'
    ).columns[0].values() -%}
    {%- if partitions -%}
        alter table {{ this }} drop if exists
        {%- for day in partitions %}
        partition ({{ partition_column }} = date '{{ day }}')
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    {%- endif -%}
{%- endmacro %}
