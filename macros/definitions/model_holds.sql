{#- Join condition: the row of `model_catalog` about a model that holds on a day. -#}
{% macro model_holds(model, day) -%}
    {{ model }} = model_catalog.model
    and {{ day }} >= model_catalog.valid_from
    and {{ day }} < model_catalog.valid_before
{%- endmacro %}
