-- Are the seats used? Number of seats and their list price by state, without pending, canceled, and
-- unbilled seats.
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
