{% test grain(model, columns, changed_days_of=none, nullable=[]) %}
    select
        {{ columns | join(',\n        ') }},
        count(*) as row_count
    from {{ model }}
    {%- if changed_days_of %}
    where {{ in_changed_days(changed_days_of) }}
    {%- endif %}
    group by
        {{ columns | join(',\n        ') }}
    having
        count(*) > 1
        {%- for column in columns if column not in nullable %}
        or {{ column }} is null
        {%- endfor %}
{% endtest %}
