{{ config(
    materialized='incremental',
    partition_by=['usage_month'] if target.type == 'spark' else none,
    pre_hook="{{ delete_outdated('usage_month') }}",
) }}

with

seat_days as (
    select * from {{ ref('int_seat_days_aggregated') }}
    where {{ is_to_make('usage_month') }}
),

months as (
    select * from {{ ref('int_report_months_versioned') }}
),

-- Each tier's allowance in the month. Overage_Cap is not an allowance.
tiers as (
    select
        account_id,
        profile_id,
        user_id,
        usage_month,
        subscription_tier,
        coalesce(max(usage_limit), max(plan_allowance_credits)) as allowance_credits,
        coalesce(max(plan_allowance_credits), max(usage_limit)) as tier_credits,
        max(activity_date) as last_date
    from seat_days
    group by
        account_id,
        profile_id,
        user_id,
        usage_month,
        subscription_tier
),

month_tiers as (
    select
        account_id,
        profile_id,
        user_id,
        usage_month,
        {{ highest_tier('tier_credits') }} as subscription_tier,
        max_by(subscription_tier, last_date)
        filter (where subscription_tier is not null) as last_subscription_tier,
        max(allowance_credits) as monthly_allowance,
        min(allowance_credits) as lowest_allowance,
        max_by(allowance_credits, last_date)
        filter (where allowance_credits is not null) as last_allowance
    from tiers
    group by
        account_id,
        profile_id,
        user_id,
        usage_month
),

-- A day with an unknown value makes the month's sum unknown.
seat_months as (
    select
        account_id,
        profile_id,
        user_id,
        usage_month,
        {%- for measure in ['credits_used', 'overage_credits_used'] %}
            cast(
                case when count({{ measure }}) = count(*) then sum({{ measure }}) end
                as decimal(18, 6)
            ) as {{ measure }},
        {%- endfor %}
        max_by(overage_cap, activity_date)
        filter (where overage_cap is not null) as overage_cap,
        max_by(overage_enabled, activity_date)
        filter (where overage_enabled is not null) as overage_enabled,
        count(*) filter (where is_active) as active_days,
        min(activity_date) as first_seen_date,
        max(activity_date) as last_seen_date,
        max(activity_date) filter (where new_user) as activated_date,
        min(activity_date) filter (where is_active) as first_active_date,
        max(activity_date) filter (where is_active) as last_active_date,
        max(activity_date) filter (where credits_used > 0) as last_credits_date,
        max_by(credits_used, activity_date) filter (where credits_used > 0) as last_day_credits,
        max_by(overage_enabled, activity_date) filter (where credits_used > 0)
            as last_day_overage_enabled,
        min(activity_date) filter (where credits_used is null) as first_unknown_credits_date
    from seat_days
    group by
        account_id,
        profile_id,
        user_id,
        usage_month
)

select
    -- ids
    seat_months.account_id,
    seat_months.profile_id,
    seat_months.user_id,

    -- text
    month_tiers.subscription_tier,
    month_tiers.last_subscription_tier,
    months.version,

    -- numbers
    seat_months.credits_used,
    seat_months.overage_credits_used,
    seat_months.overage_cap,
    month_tiers.monthly_allowance,
    month_tiers.lowest_allowance,
    month_tiers.last_allowance,
    seat_months.last_day_credits,
    seat_months.active_days,

    -- booleans
    seat_months.overage_enabled,
    seat_months.last_day_overage_enabled,

    -- dates
    seat_months.usage_month,
    seat_months.first_seen_date,
    seat_months.last_seen_date,
    seat_months.activated_date,
    seat_months.first_active_date,
    seat_months.last_active_date,
    seat_months.last_credits_date,
    seat_months.first_unknown_credits_date
from seat_months
inner join month_tiers
    on
        {{ same_seat('seat_months', 'month_tiers') }}
        and seat_months.usage_month = month_tiers.usage_month
left join months
    on seat_months.usage_month = months.usage_month
