{% macro kiro_bill_lines(readers, strictly=false) -%}
    select *
    from (
        select
            substr(filename, {{ seats_dir() | length + 2 }}) as file,
            {%- for name, legacy_name, _ in bill_columns() %}
            coalesce(*columns('(?i)^({{ name }}|{{ legacy_name }})$')) as {{ name }}
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
        from (
            -- Converts every column to text and missing columns to NULL.
            (
                select
                    {%- for name, _, is_required in bill_columns() if not (strictly and is_required) %}
                    cast(null as varchar) as {{ name }},
                    {%- endfor %}
                    cast(null as varchar) as filename
                where false
            )
            {%- for reader in readers %}
            union all by name
            (select * from {{ reader }})
            {%- endfor %}
        ) as lines
    ) as named_lines
    where
        lower(trim(line_item_product_code)) = 'kiro'
        -- These lines repeat the subscriptions and cost nothing.
        and not (
            lower(trim(coalesce(line_item_operation, ''))) = 'q-developer-snapshot'
            and coalesce(try_cast(line_item_unblended_cost as double), 0) = 0
        )
{%- endmacro %}
