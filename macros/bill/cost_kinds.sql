{% macro cost_kinds() -%}
    {{ return([
        'subscription', 'overage', 'tax', 'discount', 'promotional_credit', 'refund', 'unrecognized',
    ]) }}
{%- endmacro %}
