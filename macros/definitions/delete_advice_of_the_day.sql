{#- Deletes what was advised as of the same day before, as late reports or a bill may change it. -#}
{% macro delete_advice_of_the_day() -%}
    {%- set as_of = ref('int_as_of_date') -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where advised_date in (select as_of.as_of_date from {{ as_of }} as as_of)
    {%- endif -%}
{%- endmacro %}
