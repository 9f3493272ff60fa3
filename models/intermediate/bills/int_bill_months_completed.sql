with

charges as (
    select * from {{ ref('int_charges_classified') }}
),

payer_months as (
    select
        coalesce(payer_account_id, '') as payer_account_id,
        usage_month,
        coalesce(bool_or(lacks_a_file), false) as lacks_a_file,
        min(usage_month) over (
            partition by coalesce(payer_account_id, '')
        ) as first_billed_month,
        lag(usage_month) over (
            partition by coalesce(payer_account_id, '')
            order by usage_month
        ) as last_billed_month,
        lead(usage_month) over (
            partition by coalesce(payer_account_id, '')
            order by usage_month
        ) as next_billed_month
    from charges
    group by
        coalesce(payer_account_id, ''),
        usage_month
),

-- Each of a person's plans is a seat.
billed_users as (
    select
        coalesce(payer_account_id, '') as payer_account_id,
        account_id,
        user_id,
        usage_month,
        count(distinct subscription_tier) as seats
    from charges
    where
        charge_kind = 'subscription'
        and user_id is not null
    group by
        coalesce(payer_account_id, ''),
        account_id,
        user_id,
        usage_month
),

-- Seats from the previous month that are billed again.
named as (
    select
        payer_months.payer_account_id,
        payer_months.usage_month,
        sum(earlier_users.seats) as seats_of_last_month,
        sum(least(earlier_users.seats, coalesce(billed_users.seats, 0))) as seats_named_again
    from payer_months
    inner join billed_users as earlier_users
        on
            payer_months.payer_account_id = earlier_users.payer_account_id
            and payer_months.last_billed_month = earlier_users.usage_month
    left join billed_users
        on
            earlier_users.payer_account_id = billed_users.payer_account_id
            and earlier_users.account_id = billed_users.account_id
            and earlier_users.user_id = billed_users.user_id
            and payer_months.usage_month = billed_users.usage_month
    group by
        payer_months.payer_account_id,
        payer_months.usage_month
)

select
    -- ids
    payer_months.payer_account_id,

    -- booleans
    -- A month that is still being written or lacks a file does not cancel seats.
    not payer_months.lacks_a_file
    and (
        payer_months.next_billed_month is not null
        or coalesce(
            named.seats_named_again
            >= {{ var('bill_complete_share') }} * named.seats_of_last_month,
            false
        )
    ) as is_complete,

    -- dates
    payer_months.usage_month,
    payer_months.first_billed_month
from payer_months
left join named
    on
        payer_months.payer_account_id = named.payer_account_id
        and payer_months.usage_month = named.usage_month
