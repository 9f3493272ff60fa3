-- What will overage cost this month, how certain is that, and how does it compare with the budget?
select
    account_id,
    team,
    overage_to_date_usd,
    seats_with_unknown_overage_cost,
    expected_overage_usd,
    overage_p80_usd,
    worst_case_overage_usd,
    budget_usd,
    breached_seats,
    heading_seats,
    blocked_or_heading_seats
from overage_outlook
order by
    account_id,
    team;
