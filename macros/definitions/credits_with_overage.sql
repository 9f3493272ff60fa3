{#- Whether Credits_Used includes overage is inferred, not documented, so a var decides. -#}
{% macro credits_with_overage(credits, overage_credits) -%}
    {%- set semantics = var('overage_semantics') -%}
    {%- if semantics == 'included' -%}
        {{ credits }}
    {%- elif semantics == 'additive' -%}
        ({{ credits }} + coalesce({{ overage_credits }}, 0))
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            "The var overage_semantics is '" ~ semantics ~ "'. Set it to 'included' or 'additive'."
        ) }}
    {%- endif -%}
{%- endmacro %}
