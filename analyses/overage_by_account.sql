-- What does overage cost this month so far, and how much credit has gone over at what pace?
select
    account_id,
    count(*) filter (where risk_band = 'breached' and risk_kind = 'cost') as seats_over,
    count(*) filter (where risk_band in ('high', 'likely') and risk_kind = 'cost')
        as seats_heading_over,
    sum(greatest(linear_pace_credits - monthly_allowance, 0)) filter (where risk_kind = 'cost')
        as overage_credits_at_this_pace
from overage_risk
group by account_id
order by account_id;
