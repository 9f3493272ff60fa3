{#- Paths of one kind of bill files that the table has not recorded with their present size and time. -#}
{% macro changed_bill_files(kind) -%}
    select listed.path
    from ({{ listed_bill_files() }}) as listed
    {%- if is_incremental() %}
    left join {{ this }} as recorded
        on
            listed.file = recorded.file
            and listed.size_bytes = recorded.size_bytes
            and listed.modified_at = recorded.modified_at
    {%- endif %}
    where
        listed.kind = '{{ kind }}'
        {%- if is_incremental() %}
        and recorded.file is null
        {%- endif %}
{%- endmacro %}
