{% macro with_thousands(number, decimals) -%}
    {{ return(adapter.dispatch('with_thousands')(number, decimals)) }}
{%- endmacro %}

{% macro default__with_thousands(number, decimals) -%}
    format('{:,.{{ decimals }}f}', cast({{ number }} as double))
{%- endmacro %}

{% macro spark__with_thousands(number, decimals) -%}
    format_number({{ number }}, {{ decimals }})
{%- endmacro %}

{% macro athena__with_thousands(number, decimals) -%}
    format('%,.{{ decimals }}f', cast({{ number }} as double))
{%- endmacro %}
