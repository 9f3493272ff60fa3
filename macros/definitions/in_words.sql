{% macro in_words(number, decimals=0) -%}
    coalesce(
        cast(
            cast({{ rounded(number, decimals) }} as decimal(18, {{ decimals }}))
            as {{ dbt.type_string() }}
        ),
        'unknown'
    )
{%- endmacro %}
