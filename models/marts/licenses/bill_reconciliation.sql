with

reconciled as (
    select * from {{ ref('int_bill_months_reconciled') }}
)

select * from reconciled
