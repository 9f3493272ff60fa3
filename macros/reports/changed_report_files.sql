{#- Report files that the table has not recorded with their present size and modification time. -#}
{% macro changed_report_files() -%}
    select mirrored.path
    from ({{ mirrored_files() }}) as mirrored
    {%- if is_incremental() %}
    left join {{ this }} as recorded
        on
            mirrored.file = recorded.file
            and mirrored.size_bytes = recorded.size_bytes
            and mirrored.modified_at = recorded.modified_at
    {%- endif %}
    where
        mirrored.is_report
        {%- if is_incremental() %}
        and recorded.file is null
        {%- endif %}
{%- endmacro %}
