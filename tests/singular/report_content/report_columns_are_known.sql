-- A column that is neither known nor a model's is not read. A warning, as the vendor may add
-- columns: a newer version of this project may know it. On DuckDB only, as exports lack headers.
{{ config(severity='warn', enabled=target.type == 'duckdb') }}

with

columns as (
    select
        file,
        unnest(header) as column_name
    from {{ ref('base_kiro__report_files') }}
    where report = 'user_report'
)

select
    column_name,
    min(file) as first_file,
    count(*) as files
from columns
where
    not regexp_matches(column_name, '._messages$')
    and column_name not in (
        '', 'date', 'userid', 'client_type', 'chat_conversations', 'credits_used', 'overage_cap',
        'overage_credits_used', 'overage_enabled', 'profileid', 'subscription_tier', 'new_user',
        'user_email', 'usage_limit'
    )
group by column_name
