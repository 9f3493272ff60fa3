with

legacy_metrics as (
    select * from {{ ref('base_kiro__legacy_metrics') }}
),

files as (
    select * from {{ ref('base_kiro__report_files') }}
)

select
    -- ids
    files.file_id,
    files.account_id,
    {{ outside_name('legacy_metrics.user_id') }} as user_id,

    -- text
    legacy_metrics.metric,

    -- numbers
    legacy_metrics.metric_count,

    -- dates
    legacy_metrics.activity_date
from legacy_metrics
inner join files
    on legacy_metrics.file_id = files.file_id
