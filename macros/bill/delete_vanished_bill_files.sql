{#- AWS rewrites a month's files as charges come in. -#}
{% macro delete_vanished_bill_files() -%}
    {%- if is_incremental() -%}
    delete from {{ this }} as recorded
    where
        (
            recorded.month_folder in (
                select listed.month_folder from ({{ listed_bill_files() }}) as listed
            )
            or not recorded.is_readable
        )
        and not exists (
            select 1
            from ({{ listed_bill_files() }}) as listed
            where
                listed.file = recorded.file
                and (
                    recorded.is_readable
                    or (
                        listed.size_bytes = recorded.size_bytes
                        and listed.modified_at = recorded.modified_at
                    )
                )
        )
    {%- endif -%}
{%- endmacro %}
