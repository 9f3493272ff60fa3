{% test named_once(model, items, field, changed_days_of) %}
    select *
    from {{ model }}
    where
        {{ in_changed_days(changed_days_of) }}
        and len({{ items }})
        <> len(list_distinct(list_transform({{ items }}, lambda item: item['{{ field }}'])))
{% endtest %}
