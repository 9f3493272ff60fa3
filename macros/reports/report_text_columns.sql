{% macro report_text_columns(report) -%}
    {{ return({
        'user_report': [
            'date', 'userid', 'client_type', 'chat_conversations', 'credits_used', 'overage_cap',
            'overage_credits_used', 'overage_enabled', 'profileid', 'subscription_tier',
            'total_messages', 'new_user', 'user_email', 'usage_limit',
        ],
        'by_user_analytic': ['userid', 'date'],
    }[report]) }}
{%- endmacro %}
