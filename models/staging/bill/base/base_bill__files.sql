{{ config(
    materialized=loaded_as('incremental'),
    incremental_strategy='delete+insert',
    unique_key='file',
    full_refresh=var('reload_reports'),
    on_schema_change='fail',
    pre_hook=[
        "{{ delete_vanished_bill_files() }}",
        "{{ set_file_list('changed_bill_parquet', changed_bill_files('parquet')) }}",
        "{{ set_file_list('changed_bill_csv', changed_bill_files('csv')) }}",
    ],
) }}

with

changed as (
    select *
    from ({{ listed_bill_files() }})
    where
        list_contains(getvariable('changed_bill_parquet'), path)
        or list_contains(getvariable('changed_bill_csv'), path)
),

kiro_lines as (
    {{ kiro_bill_lines('changed_bill', kinds_with_rows(changed_bill_files)) | indent }}
),

line_counts as (
    select
        file,
        count(*) as kiro_lines
    from kiro_lines
    group by file
)

select
    -- Of the version, so that no file that comes later can have the id of one that is gone.
    md5(changed.file || ' ' || changed.size_bytes || ' ' || changed.modified_at) as file_id,
    changed.file,
    changed.month_folder,
    regexp_extract(changed.file, '^(.*)/[^/]*$', 1) as folder,
    changed.kind,
    changed.size_bytes,
    coalesce(line_counts.kiro_lines, 0) as kiro_lines,
    changed.modified_at
from changed
left join line_counts
    on changed.file = line_counts.file
