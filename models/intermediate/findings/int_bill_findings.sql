with

reconciliations as (
    select * from {{ ref('int_bill_months_reconciled') }}
),

bill_users as (
    select * from {{ ref('int_bill_users_reconciled') }}
),

accounts as (
    select * from {{ ref('int_accounts_sourced') }}
),

held_seats as (
    select * from {{ ref('int_seats_held') }}
),

passed_over as (
    select * from {{ ref('stg_bill__files_passed_over') }}
),

unreadable_files as (
    select * from {{ ref('stg_bill__unreadable_files') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

found as (
    select
        'billed_user_is_in_no_report' as finding,
        'information' as severity,
        account_id,
        usage_month,
        cast(null as {{ dbt.type_string() }}) as example,
        billed_not_reported_users as affected
    from reconciliations
    where billed_not_reported_users > 0
    union all
    select
        'reported_user_is_not_billed' as finding,
        'warning' as severity,
        account_id,
        usage_month,
        cast(null as {{ dbt.type_string() }}) as example,
        reported_not_billed_users as affected
    from reconciliations
    where reported_not_billed_users > 0
    union all
    -- The month's bill may extend beyond the last report.
    select
        'overage_differs_from_bill' as finding,
        'warning' as severity,
        reconciliations.account_id,
        reconciliations.usage_month,
        cast(
            reconciliations.billed_overage_credits - reconciliations.reported_overage_credits
            as {{ dbt.type_string() }}
        ) || ' credits' as example,
        1 as affected
    from reconciliations
    cross join as_of
    where
        reconciliations.usage_month < as_of.month_start_date
        and abs(
            reconciliations.billed_overage_credits - reconciliations.reported_overage_credits
        ) > 1
    union all
    -- The bill may omit use within the allowance, but all use on the bill should be in the reports.
    select
        'billed_credits_are_in_no_report' as finding,
        'warning' as severity,
        bill_users.account_id,
        bill_users.usage_month,
        bill_users.user_id || ': ' || {{ in_words('bill_users.billed_credits', 2) }}
        || ' credits billed, ' || case
            when bill_users.is_reported then {{ in_words('bill_users.reported_credits', 2) }}
            else 'none'
        end || ' reported' as example,
        1 as affected
    from bill_users
    cross join as_of
    where
        bill_users.usage_month < as_of.month_start_date
        and bill_users.billed_credits
        > case when bill_users.is_reported then bill_users.reported_credits else 0 end + 1
    union all
    select
        'pending_seat_is_billed' as finding,
        'warning' as severity,
        account_id,
        cast(null as date) as usage_month,
        user_id as example,
        1 as affected
    from held_seats
    where
        subscription_status = 'pending'
        and is_billed
    union all
    select
        'bill_is_old' as finding,
        'warning' as severity,
        account_id,
        last_billed_month as usage_month,
        cast(null as {{ dbt.type_string() }}) as example,
        1 as affected
    from accounts
    where
        last_billed_month is not null
        and not is_billed
    union all
    select
        'bill_file_is_passed_over' as finding,
        'information' as severity,
        account_id,
        usage_month,
        file as example,
        1 as affected
    from passed_over
    union all
    select
        'bill_file_is_unreadable' as finding,
        'warning' as severity,
        cast(null as {{ dbt.type_string() }}) as account_id,
        usage_month,
        file || ': ' || problem as example,
        1 as affected
    from unreadable_files
)

{{ findings_by_month('found', source="'bill'") }}
