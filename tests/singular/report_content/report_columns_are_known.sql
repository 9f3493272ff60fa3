-- A column that is neither known nor a model's is not read. A warning, as the vendor may add
-- columns: a newer version of this project may know it.
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
