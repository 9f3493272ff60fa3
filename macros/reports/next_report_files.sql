{% macro next_report_files(report) -%}
    select batched.path
    from ({{ report_file_batches(report) }}) as batched
    where batched.batch = 0
{%- endmacro %}
