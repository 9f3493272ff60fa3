{{ config(materialized='view') }}

with

billed_months as (
    select * from {{ ref('int_seats_billed') }}
    where is_subscribed and user_id <> '(unassigned)'
),

accounts as (
    select * from {{ ref('int_accounts_sourced') }}
),

settled_months as (
    select
        account_id,
        usage_month,
        row_number() over (partition by account_id order by usage_month) as month_no
    from {{ ref('int_account_months_billed') }}
    where is_settled
),

-- If a settled bill in between lacks the seat, the seat was subscribed again.
numbered_months as (
    select
        billed_months.*,
        settled_months.month_no - lag(settled_months.month_no) over (
            partition by billed_months.account_id, billed_months.profile_id, billed_months.user_id
            order by billed_months.usage_month
        ) as months_since
    from billed_months
    left join settled_months
        on
            billed_months.account_id = settled_months.account_id
            and billed_months.usage_month = settled_months.usage_month
)

select
    -- ids
    numbered_months.account_id,
    numbered_months.profile_id,
    numbered_months.user_id,

    -- text
    max_by(numbered_months.subscription_tier, numbered_months.usage_month)
        as subscription_tier,

    -- booleans
    -- On the last settled bill or a later one.
    bool_or(
        coalesce(numbered_months.usage_month >= accounts.settled_month, true)
    ) as is_on_bill,

    -- dates
    min(numbered_months.usage_month) as first_billed_month,
    max(numbered_months.usage_month) as last_billed_month,
    min(numbered_months.first_billed_date) as first_billed_date,
    max(case when numbered_months.months_since > 1 then numbered_months.first_billed_date end)
        as renewed_date
from numbered_months
inner join accounts
    on numbered_months.account_id = accounts.account_id
group by
    numbered_months.account_id,
    numbered_months.profile_id,
    numbered_months.user_id
