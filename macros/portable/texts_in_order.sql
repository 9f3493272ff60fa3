{#- Aggregate: a group's texts in one, in alphabetical order. -#}
{% macro texts_in_order(text) -%}
    {{ return(adapter.dispatch('texts_in_order')(text)) }}
{%- endmacro %}

{% macro default__texts_in_order(text) -%}
    string_agg({{ text }}, ',' order by {{ text }})
{%- endmacro %}
