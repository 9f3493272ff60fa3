{#-
    Kiro's lines of the bill files whose paths stand in the variables `<variable>_parquet` and
    `<variable>_csv`, as text, with their file. Columns that an export lacks are NULL; others are
    not read. `kinds` names those of the two that hold any path, as readers need at least one.
-#}
{% macro kiro_bill_lines(variable, kinds) -%}
    {%- set columns = [
        'bill_billing_period_start_date', 'bill_payer_account_id', 'line_item_currency_code',
        'line_item_line_item_type', 'line_item_operation', 'line_item_product_code',
        'line_item_resource_id', 'line_item_unblended_cost', 'line_item_usage_account_id',
        'line_item_usage_amount', 'line_item_usage_start_date', 'line_item_usage_type',
    ] -%}
    {%- set options = 'union_by_name = true, filename = true, hive_partitioning = false' -%}
    {%- set text_options = ", all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"'" -%}
    select
        substr(filename, {{ seats_dir() | length + 2 }}) as file,
        {{ columns | join(',\n        ') }}
    from (
        -- Makes text of every column, whatever type a file gives it, and NULL of those it lacks.
        (
            select
                {%- for column in columns %}
                cast(null as varchar) as {{ column }},
                {%- endfor %}
                cast(null as varchar) as filename
            where false
        )
        {%- for kind in kinds %}
        union all by name
        (
            select *
            from read_{{ kind }}(
                getvariable('{{ variable }}_{{ kind }}'),
                {{ options }}{{ text_options if kind == 'csv' }}
            )
        )
        {%- endfor %}
    ) as lines
    where
        lower(trim(line_item_product_code)) = 'kiro'
        and coalesce(line_item_operation, '') <> 'q-developer-snapshot'
{%- endmacro %}
