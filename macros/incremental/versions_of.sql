{% macro versions_of(period) -%}
    {{ return(
        ref('int_report_days_versioned') if period == 'activity_date'
        else ref('int_report_months_versioned')
    ) }}
{%- endmacro %}
