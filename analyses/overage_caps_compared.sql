-- What would this month cost, and whom would it block, with overage off or with another cap?
select
    account_id,
    team,
    scenario,
    overage_cap,
    expected_overage_usd,
    overage_p80_usd,
    blocked_seats,
    round(unmet_credits) as unmet_credits
from overage_what_if
order by
    account_id asc,
    team asc,
    scenario = 'current_settings' desc,
    expected_overage_usd asc,
    overage_cap asc nulls last;
