{% macro report_count_columns(report) -%}
    {{ return({
        'user_report':
            "regexp_matches(column_name, '._messages$') and column_name <> 'total_messages'",
        'by_user_analytic':
            "regexp_matches(column_name, '^(chat|inline|codefix|codereview|dev|doc|test|transformation)')",
    }[report]) }}
{%- endmacro %}
