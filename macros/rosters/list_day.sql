{% macro list_day(text) -%}
    coalesce(
        try_cast({{ text }} as date),
        cast(
            try_strptime(
                {{ text }},
                ['%m/%d/%Y', '%B %d, %Y', '%b %d, %Y', '%Y-%m-%dT%H:%M:%S%z', '%Y/%m/%d']
            ) as date
        )
    )
{%- endmacro %}
