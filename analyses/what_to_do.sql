-- What should be done, and what does it save or cost?
select
    actions.action,
    actions.account_id,
    people.user_email,
    actions.user_id,
    actions.subscription_tier,
    actions.recommended_tier,
    actions.monthly_savings_usd,
    actions.monthly_cost_usd,
    actions.effective_date,
    actions.confidence,
    actions.reason,
    actions.evidence
from recommended_actions as actions
left join people
    on actions.user_id = people.user_id
order by
    actions.monthly_savings_usd desc nulls last,
    actions.action asc,
    actions.user_id asc;
