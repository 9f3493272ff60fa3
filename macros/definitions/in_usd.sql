{% macro in_usd(amount) -%}
    case
        when {{ amount }} is null then 'an unknown amount'
        when {{ amount }} < 0 then '-$' || {{ in_words('abs(' ~ amount ~ ')', 2) }}
        else '$' || {{ in_words(amount, 2) }}
    end
{%- endmacro %}
