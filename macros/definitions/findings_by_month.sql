{% macro findings_by_month(
    relation, source='source', affected='sum(affected)', usage_month='usage_month'
) -%}
    select
        -- ids
        account_id,

        -- text
        finding,
        severity,
        {{ source }} as source,
        min(example) as example,

        -- numbers
        {{ affected }} as affected,

        -- dates
        {{ usage_month }} as usage_month
    from {{ relation }}
    group by
        account_id,
        finding,
        severity,
        {{ source }},
        {{ usage_month }}
{%- endmacro %}
