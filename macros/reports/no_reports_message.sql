{% macro no_reports_message(mirror) -%}
    {%- if mirror['other_files'] > 0 -%}
        {%- set finding = (
            "None of the " ~ mirror['other_files'] ~ " CSV files in '" ~ reports_dir()
            ~ "' has the name of a Kiro report (the first is '" ~ mirror['first_other_file'] ~ "')."
            ~ " Reports are at AWSLogs/<account>/KiroLogs/user_report/<region>/<year>/<month>/<day>/"
            ~ "00/<CLIENT>_<account>_user_report_<time>.csv: keep the bucket's folder structure."
        ) -%}
    {%- else -%}
        {%- set finding = (
            "There are no CSV files in '" ~ reports_dir() ~ "', so there is nothing to build."
        ) -%}
    {%- endif -%}
    {{ return(
        finding
        ~ " Fetch reports with: .venv/bin/python scripts/sync_reports.py s3://<bucket>/<prefix>"
        ~ " or set the environment variable KIRO_REPORTS_DIR to their folder."
        ~ " To try the project with made-up reports: make demo"
    ) }}
{%- endmacro %}
