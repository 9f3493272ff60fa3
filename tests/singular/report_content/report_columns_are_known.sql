-- A column that is neither known nor one of a model is ignored. A warning, because the vendor may
-- add columns: a newer version of this project may know it.
{{ config(severity='warn', meta={'findings': "finding = 'report_column_is_unknown'"}) }}

select
    report,
    column_name,
    min(file) as first_file,
    count(*) as files
from {{ ref('stg_kiro__unknown_columns') }}
group by
    report,
    column_name
