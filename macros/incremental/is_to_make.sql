{#-
    Selects the periods to build instead of excluding existing ones, so that engines skip the rest.
-#}
{% macro is_to_make(period, report='user_report') -%}
    {%- if is_incremental() and flags.WHICH != 'show' -%}
        {{ period }} in ({{ periods_to_make(period, report) }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
