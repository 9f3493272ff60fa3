{{ config(
    materialized='incremental',
    partition_by=['usage_month'] if target.type == 'spark' else none,
    pre_hook=["{{ delete_outdated('activity_date') }}", "{{ set_days_to_make('by_user_analytic') }}"],
    post_hook="{{ make_further_days() }}",
) }}

with

legacy_metrics as (
    select * from {{ ref('stg_kiro__legacy_metrics') }}
    where {{ is_day_to_make('by_user_analytic') }}
),

files as (
    select * from {{ ref('int_report_files') }}
    where is_current
),

days as (
    select * from {{ ref('int_report_days_versioned') }}
    where report = 'by_user_analytic'
)

select
    -- ids
    legacy_metrics.account_id,

    -- text
    legacy_metrics.metric,
    days.version,

    -- numbers
    cast(sum(legacy_metrics.metric_count) as bigint) as metric_count,

    -- dates
    legacy_metrics.activity_date,
    {{ month_start('legacy_metrics.activity_date') }} as usage_month
from legacy_metrics
inner join files
    on legacy_metrics.file_id = files.file_id
left join days
    on legacy_metrics.activity_date = days.activity_date
group by
    legacy_metrics.account_id,
    legacy_metrics.metric,
    days.version,
    legacy_metrics.activity_date
