{% macro upgrade_bill_charges() -%}
    {%- if is_incremental() and not has_column(this, 'is_priced') -%}
    delete from {{ this }}
    where
        file_id in (
            select files.file_id
            from {{ ref('base_bill__files') }} as files
            inner join ({{ listed_bill_files() }}) as listed
                on files.file = listed.file
        );
    alter table {{ this }} add column is_priced boolean;
    update {{ this }} set is_priced = cost <> 0;
    {%- endif -%}
{%- endmacro %}
