{#- The model that knows the present version of each day or month (`period`, a column's name). -#}
{% macro versions_of(period) -%}
    {{ return(
        ref('int_report_days_versioned') if period == 'activity_date'
        else ref('int_report_months_versioned')
    ) }}
{%- endmacro %}
