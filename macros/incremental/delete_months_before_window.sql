{% macro delete_months_before_window(days) -%}
    {%- if is_incremental() -%}
        {%- set before_window -%}
        select held.usage_month
        from {{ this }} as held
        cross join {{ ref('int_as_of_date') }} as as_of
        where held.usage_month < {{ month_start(add_days('as_of.as_of_date', 1 - days)) }}
        {%- endset -%}
        {{ delete_periods('usage_month', before_window) }}
    {%- endif -%}
{%- endmacro %}
