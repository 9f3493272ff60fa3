{#- Made anew on Spark, which replaces partitions only: each build there changed all days. -#}
{{ config(
    materialized='incremental' if target.type == 'duckdb' else 'table',
    incremental_strategy='delete+insert',
    unique_key=['report', 'activity_date'],
    on_schema_change='sync_all_columns',
    pre_hook="{{ delete_vanished_days() }}",
) }}

with

files as (
    select * from {{ ref('stg_kiro__report_files') }}
    where is_current
),

report_days as (
    select
        report,
        activity_date,
        {{ texts_in_order(
            "cast(file_id as " ~ dbt.type_string() ~ ") || ':'"
            ~ " || cast(used_rows as " ~ dbt.type_string() ~ ") || ':'"
            ~ " || cast(delivered_at as " ~ dbt.type_string() ~ ")"
        ) }} as files
    from files
    group by
        report,
        activity_date
),

versioned as (
    select
        report,
        activity_date,
        md5('{{ version_of_rules() }},' || files) as version
    from report_days
)

select
    -- text
    versioned.report,
    versioned.version,

    -- numbers
    {% if is_incremental() %}
        (select coalesce(max(last_build.build_number), 0) + 1 from {{ this }} as last_build)
    {% else %}
        1
    {% endif %} as build_number,

    -- dates
    versioned.activity_date,
    {{ month_start('versioned.activity_date') }} as usage_month
from versioned
{% if is_incremental() %}
left join {{ this }} as held
    on
        versioned.report = held.report
        and versioned.activity_date = held.activity_date
        and versioned.version = held.version
where held.version is null
{% endif %}
