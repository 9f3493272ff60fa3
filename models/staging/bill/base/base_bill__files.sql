{{ config(
    materialized=loaded_as('incremental'),
    incremental_strategy='delete+insert',
    unique_key=['file', 'is_readable'],
    full_refresh=setting('reload_reports'),
    on_schema_change='fail',
    pre_hook=[
        "{{ upgrade_bill_files() }}",
        "{{ delete_vanished_bill_files() }}",
    ],
) }}

with

listed as (
    {{ listed_bill_files() | indent }}
),

checked as (
    {{ checked_bill_files() | indent }}
)

select
    -- The id includes the version, so that a later file cannot get a deleted file's id.
    md5(listed.file || ' ' || listed.size_bytes || ' ' || listed.modified_at) as file_id,
    listed.file,
    listed.month_folder,
    regexp_extract(listed.file, '^(.*)/[^/]*$', 1) as folder,
    listed.kind,
    listed.size_bytes,
    cast(checked.kiro_lines as bigint) as kiro_lines,
    checked.problem,
    checked.problem is null as is_readable,
    listed.folder_month,
    listed.modified_at
from listed
inner join checked
    on listed.path = checked.path
