{{ config(materialized='view') }}

with

reconciliations as (
    select * from {{ ref('int_bill_months_reconciled') }}
),

unreadable_bill_files as (
    select * from {{ ref('stg_bill__unreadable_files') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- The worse of this month's bill and the last one, which AWS keeps updating for some days.
bills as (
    select
        reconciliations.account_id,
        reconciliations.usage_month,
        reconciliations.billed_unrecognized_cost_usd,
        reconciliations.billed_total_cost_usd,
        abs(cast(reconciliations.billed_unrecognized_cost_usd as double))
        / greatest(
            abs(cast(reconciliations.billed_total_cost_usd as double)),
            abs(cast(reconciliations.billed_unrecognized_cost_usd as double))
        ) as unrecognized_share
    from reconciliations
    cross join as_of
    where
        reconciliations.usage_month >= {{ month_start(add_days('as_of.month_start_date', -1)) }}
        and reconciliations.billed_unrecognized_cost_usd <> 0
),

ranked_bills as (
    select
        *,
        row_number() over (
            partition by account_id
            order by unrecognized_share desc, usage_month desc
        ) as place
    from bills
)

select
    'charges_unrecognized' as alert,
    account_id,
    '(all)' as team,
    unrecognized_share as measured,
    {{ alert_threshold('alert_unrecognized_cost_share') }} as threshold,
    {{ in_usd('billed_unrecognized_cost_usd') }} || ' of '
    || {{ in_usd('billed_total_cost_usd') }} || ' on the bill of '
    || cast(usage_month as {{ dbt.type_string() }})
    || ' are charges of an unknown kind: see the finding charge_is_unrecognized.' as message
from ranked_bills
where place = 1
union all
select
    'bill_files_unreadable' as alert,
    '(all)' as account_id,
    '(all)' as team,
    count(*) as measured,
    {{ alert_threshold('alert_unreadable_bill_files') }} as threshold,
    {{ counted(
        'count(*)',
        'bill file cannot be read and was set aside',
        'bill files cannot be read and were set aside'
    ) }}
    || ', such as '
    || min(file) || ': fetch them again.' as message
from unreadable_bill_files
