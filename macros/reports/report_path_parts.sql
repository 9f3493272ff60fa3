{#- What a file's path says, as a struct of texts; all blank if it is not named like a report. -#}
{% macro report_path_parts(path) -%}
    regexp_extract(
        {{ path }},
        '{{ report_file_pattern() }}',
        ['account_id', 'report', 'region', 'activity_day', 'client_type', 'part', 'last_part']
    )
{%- endmacro %}
