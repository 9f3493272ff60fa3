-- Without an allowance, neither utilization nor overage risk can be computed. Only a warning,
-- because you know the allowance: add the seat's tier to seeds/plan_prices.csv.
{{ config(severity='warn', meta={'findings': "finding = 'allowance_is_unknown'"}) }}

select
    account_id,
    profile_id,
    user_id,
    subscription_tier
from {{ ref('license_utilization') }}
where
    monthly_allowance is null
    and seat_state not in ('pending', 'cancelled')
