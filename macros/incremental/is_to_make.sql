{#-
    Whether an incremental model lacks the day or month (`period`, a column) of a row; true on a
    first run. Asked as what is to be made, not as what is held, so that engines skip the rest.
-#}
{% macro is_to_make(period, report='user_report') -%}
    {%- if is_incremental() -%}
        {{ period }} in ({{ periods_to_make(period, report) }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
