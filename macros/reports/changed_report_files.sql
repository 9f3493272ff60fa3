{% macro changed_report_files() -%}
    select mirrored.*
    from ({{ mirrored_files() }}) as mirrored
    {%- if is_incremental() %}
    left join {{ this }} as recorded
        on
            mirrored.file = recorded.file
            and mirrored.size_bytes = recorded.size_bytes
            and mirrored.modified_at = recorded.modified_at
            and (
                recorded.unreadable_reason is distinct from '{{ too_large_reason() }}'
                or {{ is_too_large('mirrored.size_bytes') }}
            )
    {%- endif %}
    where
        mirrored.is_report
        {%- if is_incremental() %}
        and recorded.file is null
        {%- endif %}
{%- endmacro %}
