{#-
    Whether a row's day is one that the last build changed, any day with the var `test_all_history`:
    what tests of tables that grow day by day look at. `period` is the row's column, and `changed`
    what it is compared with, such as the month of a changed day. The var is asked here, where tests
    are compiled, as `dbt test` rebuilds no view.
-#}
{% macro in_changed_days(
    report='user_report', period='activity_date', changed='changed.activity_date'
) -%}
    {%- if var('test_all_history') -%}
        true
    {%- else -%}
        {{ period }} in (
            select {{ changed }}
            from {{ ref('int_report_days_changed') }} as changed
            where changed.report = '{{ report }}'
        )
    {%- endif -%}
{%- endmacro %}
