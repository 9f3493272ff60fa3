{{ config(materialized='view') }}

with

model_days as (
    select * from {{ ref('int_model_days_counted') }}
),

deliveries as (
    select * from {{ ref('int_deliveries_classified') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- The last 7 and 30 days, and the same number of days before them.
windows as (
    {%- for days, days_before in [(7, 0), (7, 7), (30, 0), (30, 30)] %}
        select
            {{ days }} as days,
            {{ days_before }} as days_before,
            {{ add_days('as_of_date', 1 - days - days_before) }} as period_start_date,
            {{ add_days('as_of_date', -days_before) }} as period_end_date
        from as_of
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

delivery_days as (
    select
        deliveries.account_id,
        '(all)' as tier,
        '(all)' as scope_team,
        deliveries.status = 'missing' as is_missing,
        windows.days,
        windows.period_start_date,
        windows.period_end_date
    from deliveries
    inner join windows
        on deliveries.activity_date between windows.period_start_date and windows.period_end_date
),

-- Weeks are not compared if either has a missing file.
incomplete_accounts as (
    select distinct account_id
    from delivery_days
    where is_missing and days = 7
),

message_days as (
    select
        model_days.account_id,
        model_days.subscription_tier as tier,
        '(all)' as scope_team,
        model_days.messages,
        windows.days_before > 0 and incomplete_accounts.account_id is not null as is_unknown,
        windows.period_start_date,
        windows.period_end_date
    from model_days
    inner join windows
        on
            model_days.activity_date between windows.period_start_date and windows.period_end_date
            and windows.days = 7
    left join incomplete_accounts
        on model_days.account_id = incomplete_accounts.account_id
),

message_weeks as (
    select
        {{ scope_columns() }},
        case when count(*) filter (where is_unknown) = 0 then sum(messages) end as messages,
        period_start_date,
        period_end_date
    from message_days
    group by
        period_start_date,
        period_end_date,
        scope_team,
        cube(account_id, tier)
),

delivery_months as (
    select
        {{ scope_columns() }},
        count(*) filter (where is_missing) as missing_files,
        period_start_date,
        period_end_date
    from delivery_days
    where days = 30
    group by
        period_start_date,
        period_end_date,
        scope_team,
        tier,
        cube(account_id)
)

{{ figures_of('message_weeks', ['messages']) }}
union all
{{ figures_of('delivery_months', ['missing_files']) }}
