{#- The mean of decimals, the same up to its last digit whatever the order of the rows. -#}
{% macro mean(credits) -%}
    cast(
        {{ rounded('cast(sum(' ~ credits ~ ') as double) / nullif(count(' ~ credits ~ '), 0)') }}
        as decimal(18, 6)
    )
{%- endmacro %}
