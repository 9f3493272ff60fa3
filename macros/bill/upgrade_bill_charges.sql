{#-
    Before the bill is read, adds columns that earlier releases did not read and marks existing
    files to be read again. Keeps the rows of files that are gone.
-#}
{% macro upgrade_bill_charges() -%}
    {%- if is_incremental() and not has_column(this, 'list_cost') -%}
    delete from {{ this }}
    where
        file_id in (
            select files.file_id
            from {{ ref('base_bill__files') }} as files
            inner join ({{ listed_bill_files() }}) as listed
                on files.file = listed.file
        );
    {%- if not has_column(this, 'is_priced') %}
    alter table {{ this }} add column is_priced boolean;
    update {{ this }} set is_priced = cost <> 0;
    {%- endif %}
    alter table {{ this }} add column invoice_id varchar;
    alter table {{ this }} add column sku_id varchar;
    alter table {{ this }} add column sku_price_id varchar;
    alter table {{ this }} add column list_cost decimal(38, 10);
    update {{ this }} set list_cost = cost;
    {%- endif -%}
{%- endmacro %}
