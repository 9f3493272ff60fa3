{% macro delete_replaced_rows(files_model='base_kiro__report_files') -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where file_id not in (select files.file_id from {{ ref(files_model) }} as files)
    {%- endif -%}
{%- endmacro %}
