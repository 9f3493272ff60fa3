-- Which clients and plans used the credits of the last 28 days? The sums leave out days on which a
-- seat's credits are unknown; seat_days_with_unknown_credits counts them.
with

recent as (
    select *
    from usage_daily
    where activity_date > (select max(newest.activity_date) from usage_daily as newest) - 28
)

select
    account_id,
    client_type,
    subscription_tier,
    sum(credits_used) as credits_used,
    round(100.0 * sum(credits_used) / sum(sum(credits_used)) over (partition by account_id), 1)
        as share_percent,
    sum(overage_credits_used) as overage_credits_used,
    sum(messages) as messages,
    sum(seats_with_unknown_credits) as seat_days_with_unknown_credits
from recent
group by
    account_id,
    client_type,
    subscription_tier
order by
    account_id asc,
    credits_used desc nulls last;
