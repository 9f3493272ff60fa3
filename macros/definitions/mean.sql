{% macro mean(credits) -%}
    cast(
        {{ rounded('cast(sum(' ~ credits ~ ') as double) / nullif(count(' ~ credits ~ '), 0)') }}
        as decimal(18, 6)
    )
{%- endmacro %}
