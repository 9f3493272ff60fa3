with

charges as (
    select * from {{ ref('int_charges_classified') }}
),

bill_months as (
    select * from {{ ref('int_bill_months_completed') }}
),

-- An account whose payer changed belongs to the payer that billed it last.
payers as (
    select
        account_id,
        coalesce(payer_account_id, '') as payer_account_id,
        min(usage_month) as first_account_month,
        row_number() over (
            partition by account_id
            order by max(usage_month) desc, coalesce(payer_account_id, '') asc
        ) as recency
    from charges
    group by
        account_id,
        coalesce(payer_account_id, '')
),

account_months as (
    select
        account_id,
        usage_month,
        count(case when charge_kind = 'subscription' and user_id is not null then 1 end)
            as subscriptions
    from charges
    group by
        account_id,
        usage_month
)

select
    -- ids
    payers.account_id,

    -- booleans
    coalesce(account_months.subscriptions > 0, false) as has_subscriptions,
    -- If an account has charges but no subscriptions, the export omits subscriptions; an account
    -- without charges has no subscriptions.
    bill_months.is_complete
    and (account_months.account_id is null or account_months.subscriptions > 0) as is_settled,

    -- dates
    bill_months.usage_month,
    bill_months.first_billed_month
from payers
inner join bill_months
    on
        payers.payer_account_id = bill_months.payer_account_id
        and payers.first_account_month <= bill_months.usage_month
left join account_months
    on
        payers.account_id = account_months.account_id
        and bill_months.usage_month = account_months.usage_month
where payers.recency = 1
