{% macro forget_lines(lines, condition) -%}
    {%- set files = ref('base_kiro__report_files') -%}
    update {{ files }} as files
    set forgotten_lines = files.forgotten_lines + forgotten.forgotten_lines
    from (
        select
            file_id,
            count(*) as forgotten_lines
        from {{ lines }}
        where {{ condition }}
        group by file_id
    ) as forgotten
    where files.file_id = forgotten.file_id;
    delete from {{ lines }} where {{ condition }};
{%- endmacro %}
