-- Which seats can be reclaimed, and how much does that save per month?
select
    seats.account_id,
    people.user_email,
    seats.user_id,
    seats.subscription_tier,
    seats.seat_state,
    seats.last_active_date,
    seats.monthly_savings_usd
from license_utilization as seats
left join people
    on seats.user_id = people.user_id
where seats.is_reclaimable
order by
    seats.monthly_savings_usd desc nulls last,
    seats.last_active_date asc,
    seats.user_id asc;
