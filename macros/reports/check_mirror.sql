{% macro check_mirror() %}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set mirror = run_query(mirror_summary()).rows[0] -%}
        {%- set recorded_table = adapter.get_relation(
            target.database, target.schema, 'base_kiro__report_files'
        ) -%}
        {%- if recorded_table -%}
            {%- set recorded = run_query(
                'select count(*) as files, min(activity_date) as first_day, '
                ~ 'max(activity_date) as last_day from ' ~ recorded_table
            ).rows[0] -%}
        {%- else -%}
            {%- set recorded = {'files': 0, 'first_day': none, 'last_day': none} -%}
        {%- endif -%}

        {%- if mirror['report_files'] + recorded['files'] == 0 -%}
            {{ exceptions.raise_compiler_error(no_reports_message(mirror)) }}
        {%- elif mirror['report_files'] == 0 and var('reload_reports') -%}
            {{ exceptions.raise_compiler_error(
                "The var reload_reports would delete all " ~ recorded['files'] ~ " loaded files, "
                ~ "and " ~ reports_dir() ~ " has no report files to load. Check KIRO_REPORTS_DIR."
            ) }}
        {%- elif mirror['report_files'] == 0 -%}
            {{ exceptions.warn(
                "There are no Kiro report files in " ~ reports_dir() ~ ". The build continues with "
                ~ "the " ~ recorded['files'] ~ " files loaded earlier; check KIRO_REPORTS_DIR."
            ) }}
        {%- endif -%}

        {{ log(
            "Mirror " ~ reports_dir() ~ ": " ~ mirror['report_files'] ~ " report files, "
            ~ mirror['other_files'] ~ " other CSV files skipped; "
            ~ recorded['files'] ~ " files loaded so far.",
            info=true
        ) }}
        {{ check_as_of_date(
            [mirror['first_day'], recorded['first_day']] | select | min,
            [mirror['last_day'], recorded['last_day']] | select | max
        ) }}
    {%- endif -%}
{% endmacro %}
