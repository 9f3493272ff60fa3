{% macro budgets(name, column) -%}
    select
        cast(null as {{ dbt.type_string() }}) as {{ column }},
        cast(null as decimal(18, 2)) as budget_usd
    {%- for key, budget_usd in setting(name).items() %}
    union all
    select
        {{ text_literal('(all)' if key == 'all' else key) }} as {{ column }},
        cast({{ budget_usd | float }} as decimal(18, 2)) as budget_usd
    {%- endfor %}
{%- endmacro %}
