{% macro delete_advice_of_the_day() -%}
    {{ return(delete_periods(
        'advised_date',
        'select as_of.as_of_date as advised_date from ' ~ ref('int_as_of_date') ~ ' as as_of'
    )) }}
{%- endmacro %}
