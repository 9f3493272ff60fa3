{#- Fails for rows that share their values in `columns`, or lack one of them. -#}
{% test grain(model, columns) %}
    select
        {{ columns | join(',\n        ') }},
        count(*) as row_count
    from {{ model }}
    group by
        {{ columns | join(',\n        ') }}
    having
        count(*) > 1
        {%- for column in columns %}
        or {{ column }} is null
        {%- endfor %}
{% endtest %}
