{#- A number as people write it in a sentence, with so many decimals; 'an unknown number of' if NULL. -#}
{% macro in_words(number, decimals=0) -%}
    coalesce(
        cast(cast({{ number }} as decimal(18, {{ decimals }})) as {{ dbt.type_string() }}), 'unknown'
    )
{%- endmacro %}
