{% macro is_day_to_make(report='user_report') -%}
    {{ return(adapter.dispatch('is_day_to_make')(report)) }}
{%- endmacro %}

{% macro default__is_day_to_make(report) -%}
    {{ is_to_make('activity_date', report) }}
{%- endmacro %}

{% macro duckdb__is_day_to_make(report) -%}
    {%- if flags.WHICH == 'show' -%}
        {#- No hook has selected days. -#}
        true
    {%- else -%}
        activity_date in (
            select unnest(getvariable('days_to_make')[getvariable('batch_no') + 1])
        )
    {%- endif -%}
{%- endmacro %}
