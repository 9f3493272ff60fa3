{% macro report_path_parts(path) -%}
    regexp_extract(
        {{ path }},
        '{{ report_file_pattern() }}',
        ['account_id', 'report', 'region', 'activity_day', 'client_type', 'part', 'last_part']
    )
{%- endmacro %}
