{#-
    Whether a row's day is one that the last build changed (any day with the var
    `test_all_history`): what tests of tables that grow day by day look at.
-#}
{% macro in_changed_days(report='user_report') -%}
    activity_date in (
        select changed.activity_date
        from {{ ref('int_report_days_changed') }} as changed
        where changed.report = '{{ report }}'
    )
{%- endmacro %}
