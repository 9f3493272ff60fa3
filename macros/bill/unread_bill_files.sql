{% macro unread_bill_files(kind) -%}
    {%- set recorded = load_relation(ref('base_bill__files')) -%}
    {%- if recorded is none -%}
    select cast(null as varchar) as path where false
    {%- else -%}
    select '{{ seats_dir() | replace("'", "''") }}/' || files.file as path
    from {{ recorded }} as files
    where
        files.kind = '{{ kind }}'
        and files.kiro_lines > 0
        {#- Compiled before `upgrade_bill_charges` runs, which marks all files as unread. #}
        {%- if is_incremental() and has_column(this, 'list_cost') %}
        and files.file_id not in (select distinct loaded.file_id from {{ this }} as loaded)
        {%- endif %}
    {%- endif -%}
{%- endmacro %}
