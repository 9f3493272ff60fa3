{% macro in_words(number, decimals=0) -%}
    coalesce(
        {{ with_thousands(
            'cast(' ~ rounded(number, decimals) ~ ' as decimal(18, ' ~ decimals ~ '))', decimals
        ) }},
        'unknown'
    )
{%- endmacro %}
