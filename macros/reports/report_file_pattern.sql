{#- `scripts/sync_reports.py` has its own pattern; a test compares the two. -#}
{% macro report_file_pattern() -%}
    {{ return(
        "(?:^|/)AWSLogs/([0-9]{12})/(?:KiroLogs|QDeveloperLogs)/(user_report|by_user_analytic)"
        ~ "/([a-z0-9-]+)/([0-9]{4}/[0-9]{2}/[0-9]{2})/[0-9]{2}"
        ~ "/(?:([A-Z][A-Z0-9_]*)_[0-9]{12}_user_report|[0-9]{12}_by_user_analytic)"
        ~ "(?:_part_([0-9]{1,6}))?_[0-9]{8,14}(?:_part_([0-9]{1,6}))?(?:_report)?[.]csv$"
    ) }}
{%- endmacro %}
