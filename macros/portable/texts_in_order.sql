{% macro texts_in_order(text) -%}
    {{ return(adapter.dispatch('texts_in_order')(text)) }}
{%- endmacro %}

{% macro default__texts_in_order(text) -%}
    string_agg({{ text }}, ',' order by {{ text }})
{%- endmacro %}

{% macro spark__texts_in_order(text) -%}
    array_join(array_sort(collect_list({{ text }})), ',')
{%- endmacro %}

{% macro athena__texts_in_order(text) -%}
    array_join(array_sort(array_agg({{ text }})), ',')
{%- endmacro %}
