{% macro upgrade_bill_files() -%}
    {%- if is_incremental() and not has_column(this, 'is_readable') -%}
    delete from {{ this }}
    where file in (select listed.file from ({{ listed_bill_files() }}) as listed);
    alter table {{ this }} add column problem varchar;
    alter table {{ this }} add column is_readable boolean default true;
    alter table {{ this }} add column folder_month date;
    {%- endif -%}
{%- endmacro %}
