{#
    Fully rebuilt on Spark, which can only replace partitions, so every build there changes all
    days.
#}
{{ config(
    materialized='incremental' if target.type == 'duckdb' else 'table',
    incremental_strategy='delete+insert',
    unique_key=['report', 'activity_date'],
    on_schema_change='sync_all_columns',
    pre_hook="{{ delete_vanished_days() }}",
) }}

with

files as (
    select * from {{ ref('int_report_files') }}
    where is_current
),

activities as (
    select * from {{ ref('int_current_activities') }}
    where profile_id is null
),

assumed_profiles as (
    select * from {{ ref('int_blank_profiles_assumed') }}
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

-- Another day's report can provide the profile for a row without one.
profile_days as (
    select
        'user_report' as report,
        activities.activity_date,
        {{ texts_in_order(
            "activities.account_id || ':' || activities.user_id || ':'"
            ~ " || assumed_profiles.profile_id"
        ) }} as profiles
    from activities
    inner join assumed_profiles
        on
            activities.account_id = assumed_profiles.account_id
            and activities.user_id = assumed_profiles.user_id
    group by activities.activity_date
),

versioned as (
    select
        report_days.report,
        report_days.activity_date,
        md5(
            '{{ version_of_rules() }},'
            || report_days.files
            || coalesce('|' || profile_days.profiles, '')
        ) as version
    from report_days
    left join profile_days
        on
            report_days.report = profile_days.report
            and report_days.activity_date = profile_days.activity_date
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
