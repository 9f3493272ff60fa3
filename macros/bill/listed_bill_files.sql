{#-
    Every file of the bill: path, the same below its folder (`file`), kind (parquet or csv), size,
    modification time in UTC, and the folder of its month. Lists folders; reads no file.
-#}
{% macro listed_bill_files() -%}
    select
        listed.filename as path,
        substr(listed.filename, {{ seats_dir() | length + 2 }}) as file,
        case when listed.filename like '%.parquet' then 'parquet' else 'csv' end as kind,
        listed.size as size_bytes,
        listed.last_modified at time zone 'UTC' as modified_at,
        -- A month's folder, whatever an export puts below it for each of its runs.
        coalesce(
            nullif(
                regexp_extract(
                    substr(listed.filename, {{ seats_dir() | length + 2 }}),
                    '^.*BILLING_PERIOD=[0-9]{4}-[0-9]{2}'
                ),
                ''
            ),
            regexp_extract(
                substr(listed.filename, {{ seats_dir() | length + 2 }}), '^(.*)/[^/]*$', 1
            )
        ) as month_folder
    from {{ source('seats', 'bill_files') }} as listed
    where regexp_matches(listed.filename, '[.](parquet|csv|csv[.]gz)$')
{%- endmacro %}
