{% macro model_holds(model, day) -%}
    {{ model }} = model_catalog.model
    and {{ day }} >= model_catalog.valid_from
    and {{ day }} < model_catalog.valid_before
{%- endmacro %}
