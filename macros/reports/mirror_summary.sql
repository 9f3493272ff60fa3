{% macro mirror_summary() -%}
    select
        count(*) filter (where is_report) as report_files,
        count(*) filter (where not is_report) as other_files,
        min(path) filter (where not is_report) as first_other_file,
        min(activity_date) filter (where is_report) as first_day,
        max(activity_date) filter (where is_report) as last_day
    from (
        select
            path,
            is_report,
            try_cast(replace(path_parts['activity_day'], '/', '-') as date) as activity_date
        from ({{ mirrored_files() }}) as mirrored
    ) as files
{%- endmacro %}
