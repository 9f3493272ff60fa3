-- A tier without a plan has no price and, without Usage_Limit, no allowance. A warning, because
-- vendors add plans: add a row to seeds/plan_prices.csv.
{{ config(severity='warn', meta={'findings': "finding = 'subscription_tier_has_no_plan'"}) }}

select
    subscription_tier,
    min(activity_date) as first_date,
    count(*) as report_rows
from {{ ref('int_activities_with_plan') }}
where
    {{ in_changed_days() }}
    and plan_allowance_credits is null
group by subscription_tier
