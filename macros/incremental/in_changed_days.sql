{#- The var is read here, when tests are compiled, because `dbt test` does not rebuild views. -#}
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
