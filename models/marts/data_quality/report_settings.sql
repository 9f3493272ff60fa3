{% set settings = [
    'as_of_date', 'overage_semantics', 'new_seat_days', 'active_seat_days', 'slipping_seat_days',
    'idle_seat_days', 'dormant_seat_days', 'blocked_allowance_share', 'blocked_minimum_days',
    'reclaim_minimum_coverage', 'history_warmup_days', 'expected_delivery_rows',
    'expected_delivery_days', 'retired_client_days', 'window_minimum_coverage', 'retention_weeks',
    'pace_minimum_days', 'pace_watch_ratio', 'pace_likely_ratio', 'pace_high_ratio',
] %}

with

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

settings as (
    {% for setting in settings %}
        select
            '{{ setting }}' as setting,
            {% if setting == 'as_of_date' %}
                cast(as_of_date as {{ dbt.type_string() }}) as setting_value
            {% else %}
                cast('{{ var(setting) }}' as {{ dbt.type_string() }}) as setting_value
            {% endif %}
        from as_of
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    setting,
    setting_value
from settings
