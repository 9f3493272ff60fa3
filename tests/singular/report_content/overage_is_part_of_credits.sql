-- More overage than credits contradicts the assumption that credits include overage. A warning,
-- because the cause is in the report: see the var overage_semantics.
{{ config(severity='warn', meta={'findings': "finding = 'overage_exceeds_credits'"}) }}

select
    account_id,
    user_id,
    client_type,
    activity_date,
    reported_credits,
    overage_credits_used
from {{ ref('int_current_activities') }}
where
    {{ in_changed_days() }}
    and overage_credits_used > reported_credits
