with

recommendations as (
    select * from {{ ref('recommendation_log') }}
    where action in ('reclaim', 'downgrade', 'upgrade', 'enable_overage')
),

seat_months as (
    select * from {{ ref('int_seat_months') }}
),

cancelled_seats as (
    select * from {{ ref('int_seats_held') }}
    where is_cancelled
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

-- Advice that is repeated every month counts from the day it was first given.
first_given as (
    select
        account_id,
        profile_id,
        user_id,
        action,
        subscription_tier,
        recommended_tier,
        min(advised_date) as advised_date
    from recommendations
    group by
        account_id,
        profile_id,
        user_id,
        action,
        subscription_tier,
        recommended_tier
),

closed_months as (
    select distinct
        usage_month,
        month_last_date
    from seat_months
    where month_last_date = {{ month_end('usage_month') }}
),

-- A month's bill is complete once a later month has a bill.
billed_accounts as (
    select
        account_id,
        max(usage_month) as last_billed_month
    from seat_months
    where is_billed is not null
    group by account_id
),

billed_seats as (
    select
        account_id,
        profile_id,
        user_id,
        max(usage_month) as last_billed_month
    from seat_months
    where is_billed
    group by
        account_id,
        profile_id,
        user_id
),

-- A seat is gone if it is not on the month's complete bill, or was canceled before.
later_months as (
    select
        first_given.*,
        closed_months.usage_month,
        closed_months.month_last_date,
        seat_months.subscription_tier as held_tier,
        seat_months.credits_used,
        seat_months.overage_enabled,
        seat_months.is_blocked,
        seat_months.is_billed,
        seat_months.monthly_price_usd + seat_months.overage_cost_usd as held_cost_usd,
        seat_months.delivered_days > 0 or seat_months.is_billed is not null as has_source,
        seat_months.user_id is null
        or coalesce(
            not seat_months.is_billed
            and closed_months.usage_month < billed_accounts.last_billed_month,
            false
        ) as is_gone
    from first_given
    inner join closed_months
        on first_given.advised_date < closed_months.usage_month
    left join seat_months
        on
            {{ same_seat('first_given', 'seat_months') }}
            and closed_months.usage_month = seat_months.usage_month
    left join cancelled_seats
        on {{ same_seat('first_given', 'cancelled_seats') }}
    left join billed_seats
        on {{ same_seat('first_given', 'billed_seats') }}
    left join billed_accounts
        on first_given.account_id = billed_accounts.account_id
    where
        seat_months.user_id is not null
        or (
            first_given.action in ('reclaim', 'downgrade')
            and (
                closed_months.usage_month > cancelled_seats.last_held_month
                or closed_months.usage_month < billed_seats.last_billed_month
            )
        )
),

-- A seat that was reclaimed and bought again still counts as reclaimed.
judged as (
    select
        *,
        case when is_gone then 0 else held_cost_usd end as cost_usd,
        case
            when action = 'reclaim'
                then
                    case
                        when
                            bool_or(is_gone) over (
                                partition by
                                    account_id,
                                    profile_id,
                                    user_id,
                                    subscription_tier,
                                    action
                                order by usage_month
                                rows between unbounded preceding and current row
                            )
                            then true
                        when is_billed then false
                    end
            when action = 'downgrade' and is_gone then true
            when not has_source then cast(null as boolean)
            when action in ('downgrade', 'upgrade')
                then {{ tier_key('held_tier') }} = {{ tier_key('recommended_tier') }}
            when action = 'enable_overage' then overage_enabled
        end as is_followed
    from later_months
),

-- With overage off, the earlier tier would have cost only its price, with use up to its allowance.
-- A seat's savings count once per month: for the reclaim, otherwise for the latest tier change.
compared as (
    select
        judged.*,
        case
            when judged.overage_enabled
                then {{ tier_cost_usd('plan_prices', 'judged.credits_used') }}
            else plan_prices.monthly_price_usd
        end as cost_without_usd,
        row_number() over (
            partition by
                judged.account_id, judged.profile_id, judged.user_id, judged.usage_month
            order by
                case when judged.is_followed then 1 else 2 end,
                case judged.action when 'reclaim' then 1 when 'enable_overage' then 3 else 2 end,
                judged.advised_date desc,
                judged.subscription_tier asc
        ) as saving_no
    from judged
    left join plan_prices
        on {{ plan_holds('judged.subscription_tier', 'judged.month_last_date') }}
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    action,
    subscription_tier,
    recommended_tier,
    held_tier,

    -- numbers
    credits_used,
    cast(cost_without_usd as decimal(18, 2)) as cost_without_usd,
    cast(cost_usd as decimal(18, 2)) as cost_usd,
    cast(
        case
            when not is_followed then 0
            when is_followed and action in ('reclaim', 'downgrade', 'upgrade')
                then case when saving_no = 1 then cost_without_usd - cost_usd else 0 end
        end as decimal(18, 2)
    ) as realized_savings_usd,

    -- booleans
    is_followed,
    case
        when action = 'reclaim' and is_followed
            then coalesce(credits_used > 0, case when is_gone then false end)
        when action = 'downgrade' and is_followed
            then not is_gone and (is_blocked or cost_usd > cost_without_usd)
        when action = 'upgrade' and is_followed
            then credits_used <= 0 or (overage_enabled and cost_usd > cost_without_usd)
    end as is_regretted,

    -- dates
    advised_date,
    usage_month
from compared
