-- No savings are counted twice: an action saves at most the seat's cost, only one of a person's
-- seats is kept, and a seat's savings are counted once per month.
with

seats as (
    select * from {{ ref('license_utilization') }}
),

realized_savings as (
    select * from {{ ref('realized_savings') }}
)

select
    account_id,
    profile_id,
    user_id,
    'the seat' as counted
from seats
where
    recommended_action in ('reclaim', 'downgrade', 'investigate')
    and (
        monthly_savings_usd > monthly_price_usd
        or duplicate_waste_usd > monthly_price_usd
    )
union all
select
    min(account_id) as account_id,
    min(profile_id) as profile_id,
    user_id,
    'all seats of the person' as counted
from seats
group by user_id
having bool_and(is_duplicate_seat)
union all
select
    account_id,
    profile_id,
    user_id,
    'the month' as counted
from realized_savings
where realized_savings_usd <> 0
group by
    account_id,
    profile_id,
    user_id,
    usage_month
having count(*) > 1
