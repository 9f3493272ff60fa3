-- Are the seats used? Seats and their list price by state, except seats that are pending, canceled,
-- or not on the bill.
select
    seat_state,
    count(*) as seats,
    sum(monthly_price_usd) as monthly_price_usd,
    round(100.0 * count(*) / sum(count(*)) over (), 1) as share_of_seats_percent
from license_utilization
where
    seat_state not in ('pending', 'cancelled')
    and coalesce(is_billed, true)
group by seat_state
order by seats desc;
