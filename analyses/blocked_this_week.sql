-- Who is blocked, or likely to be within a week?
select
    risk.account_id,
    people.user_email,
    risk.user_id,
    risk.subscription_tier,
    risk.credits_used_month,
    risk.monthly_allowance,
    risk.risk_band,
    risk.exhaustion_date
from overage_risk as risk
left join people
    on risk.user_id = people.user_id
where
    risk.risk_kind = 'blocked'
    and (risk.risk_band = 'breached' or risk.exhaustion_date <= risk.as_of_date + 7)
order by
    risk.exhaustion_date asc nulls first,
    risk.user_id asc;
