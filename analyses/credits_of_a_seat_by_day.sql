-- How did the seat with the most credits this month spend them, day by day? For another seat, put
-- its user_id into `chosen`.
with

chosen as (
    select
        account_id,
        profile_id,
        user_id,
        monthly_allowance
    from license_utilization
    order by
        credits_used_month desc nulls last,
        user_id asc
    limit 1
)

select
    usage.activity_date,
    usage.user_id,
    usage.clients,
    usage.messages,
    usage.credits_used,
    usage.overage_credits_used,
    usage.credits_used_month_to_date,
    chosen.monthly_allowance
from seat_usage_daily as usage
inner join chosen
    on
        usage.account_id = chosen.account_id
        and usage.profile_id = chosen.profile_id
        and usage.user_id = chosen.user_id
order by usage.activity_date;
