{#-
    One statement over all of history would need memory that grows with it. Spark uses the model's
    own condition instead.
-#}
{% macro set_days_to_make(report='user_report') -%}
    {%- if target.type == 'duckdb' -%}
    set variable days_to_make = (
        select list(lacking.activity_date order by lacking.activity_date)
        from ({{ periods_to_make('activity_date', report) }}) as lacking
    );
    set variable batch_no = 0
    {%- endif -%}
{%- endmacro %}
