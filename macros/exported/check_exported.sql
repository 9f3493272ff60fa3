{% macro check_exported() %}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set exported = run_query(
            'select count(*) as files, min(activity_date) as first_day, '
            ~ 'max(activity_date) as last_day from parquet.`' ~ exported_dir()
            ~ '/base_kiro__report_files`'
        ).rows[0] -%}
        {{ log(
            "Export " ~ exported_dir() ~ ": " ~ exported['files'] ~ " report files, "
            ~ exported['first_day'] ~ " to " ~ exported['last_day'] ~ ".",
            info=true
        ) }}
        {{ check_as_of_date(exported['first_day'], exported['last_day']) }}
    {%- endif -%}
{% endmacro %}
