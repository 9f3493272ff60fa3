{% set settings = [
    'as_of_date', 'overage_semantics', 'maximum_file_megabytes', 'personal_data',
    'people_to_forget', 'new_seat_days',
    'active_seat_days', 'slipping_seat_days', 'idle_seat_days', 'dormant_seat_days', 'blocked_allowance_share', 'blocked_minimum_days',
    'reclaim_minimum_coverage', 'history_warmup_days', 'expected_delivery_rows',
    'expected_delivery_days', 'retired_client_days', 'assume_quiet_days',
    'window_minimum_coverage', 'retention_weeks',
    'seat_usage_days', 'forecast_history_days', 'forecast_half_lives_days', 'forecast_tier_days',
    'forecast_limit_overshoot', 'forecast_minimum_month_days', 'forecast_minimum_history_days',
    'forecast_sample_seats', 'forecast_backtest_days', 'risk_high_probability',
    'risk_likely_probability', 'risk_watch_probability', 'overage_budgets_usd',
    'budget_thresholds', 'team_budgets_usd', 'outlook_month_error', 'what_if_overage_caps',
    'advice_minimum_usd', 'advice_minimum_active_days', 'tier_usable_share', 'alert_blocked_seats', 'alert_budget_share',
    'alert_expected_overage_usd', 'alert_reclaimable_usd', 'alert_missing_files',
    'alert_unrecognized_cost_share', 'alert_unreadable_bill_files', 'alert_rejected_files',
    'alert_rejected_row_share', 'alert_stale_days', 'list_columns', 'seat_groups',
    'bill_complete_share', 'roster_minimum_matched_share', 'minimum_group_people',
    'chargeback_in_detail',
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
            {% elif setting == 'people_to_forget' %}
                cast('{{ people_to_forget() }}' as {{ dbt.type_string() }}) as setting_value
            {% elif var(setting) is none %}
                cast(null as {{ dbt.type_string() }}) as setting_value
            {% else %}
                cast({{ text_literal(var(setting) | string) }} as {{ dbt.type_string() }})
                    as setting_value
            {% endif %}
        from as_of
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    setting,
    setting_value
from settings
