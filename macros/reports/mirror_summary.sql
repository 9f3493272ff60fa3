{#- A query of one row: how many files the mirror holds, and the days of its reports. -#}
{% macro mirror_summary() -%}
    select
        count(*) filter (where is_report) as report_files,
        count(*) filter (where not is_report) as other_files,
        min(path) filter (where not is_report) as first_other_file,
        min(try_cast(replace(day_text, '/', '-') as date)) as first_day,
        max(try_cast(replace(day_text, '/', '-') as date)) as last_day
    from (
        select
            path,
            is_report,
            nullif(regexp_extract(path, '{{ report_file_pattern() }}', 4), '') as day_text
        from ({{ mirrored_files() }}) as mirrored
    ) as files
{%- endmacro %}
