-- A column that is neither known nor a model column is ignored. A warning, because the vendor may
-- add columns, which a newer version of this project may read.
{{ config(severity='warn', meta={'findings': "finding = 'report_column_is_unknown'"}) }}

select
    unknown_columns.report,
    unknown_columns.column_name,
    min(unknown_columns.file) as first_file,
    count(*) as files
from {{ ref('stg_kiro__unknown_columns') }} as unknown_columns
inner join {{ ref('int_report_files') }} as files
    on unknown_columns.file_id = files.file_id
where files.is_current
group by
    unknown_columns.report,
    unknown_columns.column_name
