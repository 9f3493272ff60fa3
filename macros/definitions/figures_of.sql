{% macro figures_of(relation, names) -%}
    {%- for name in names %}
    select
        '{{ name }}' as figure,
        account_id,
        subscription_tier,
        team,
        cast({{ name }} as decimal(38, 6)) as value,
        cast(null as decimal(38, 6)) as numerator,
        cast(null as decimal(38, 6)) as denominator,
        period_start_date,
        period_end_date
    from {{ relation }}
    {{- '\n    union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
