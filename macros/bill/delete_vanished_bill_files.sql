{#-
    Forgets files that are gone from a month's folder, as AWS writes a month anew while it fills; a
    month whose folder is gone altogether stays.
-#}
{% macro delete_vanished_bill_files() -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where
        month_folder in (select listed.month_folder from ({{ listed_bill_files() }}) as listed)
        and file not in (select listed.file from ({{ listed_bill_files() }}) as listed)
    {%- endif -%}
{%- endmacro %}
