{% macro listed_bill_files() -%}
    {%- set file = "substr(listed.filename, " ~ (seats_dir() | length + 2) ~ ")" -%}
    {#- Folders of current exports are named after the month; those of legacy exports, after the
        first days of the month and the next month. -#}
    {%- set month = "(BILLING_PERIOD=[0-9]{4}-[0-9]{2}|[0-9]{8}-[0-9]{8})" -%}
    select
        listed.filename as path,
        {{ file }} as file,
        case
            when listed.filename like '%.parquet' then 'parquet'
            when listed.filename like '%.zip' then 'zip'
            else 'csv'
        end as kind,
        listed.size as size_bytes,
        listed.last_modified at time zone 'UTC' as modified_at,
        -- A month's folder, including any subfolders that an export creates for each run.
        coalesce(
            nullif(regexp_extract({{ file }}, '^.*/{{ month }}'), ''),
            regexp_extract({{ file }}, '^(.*)/[^/]*$', 1)
        ) as month_folder,
        cast(
            coalesce(
                try_strptime(
                    regexp_extract({{ file }}, 'BILLING_PERIOD=([0-9]{4}-[0-9]{2})', 1), '%Y-%m'
                ),
                try_strptime(regexp_extract({{ file }}, '/([0-9]{8})-[0-9]{8}/', 1), '%Y%m%d')
            ) as date
        ) as folder_month
    from {{ source('bill', 'files') }} as listed
    where regexp_matches(listed.filename, '[.](parquet|csv|csv[.]gz|zip)$')
{%- endmacro %}
