-- Who has seats in two profiles or accounts this month, and is billed twice?
select
    seats.user_id,
    people.user_email,
    count(*) as seats,
    sum(seats.monthly_price_usd) as monthly_price_usd,
    min(seats.monthly_price_usd) as cheapest_seat_usd
from license_utilization as seats
left join people
    on seats.user_id = people.user_id
where seats.is_duplicate_seat
group by
    seats.user_id,
    people.user_email
order by monthly_price_usd desc;
