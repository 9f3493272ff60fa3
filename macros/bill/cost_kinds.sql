{#- What the bill's dollars are for: the values of `cost_kind` in the seed `charge_kinds`. -#}
{% macro cost_kinds() -%}
    {{ return([
        'subscription', 'overage', 'tax', 'discount', 'promotional_credit', 'refund', 'unrecognized',
    ]) }}
{%- endmacro %}
