{{ config(
    materialized='incremental',
    partition_by=['usage_month'] if target.type == 'spark' else none,
    pre_hook=["{{ delete_outdated('activity_date') }}", "{{ set_days_to_make() }}"],
    post_hook="{{ make_further_days() }}",
) }}

{%- set measures = {
    'conversations': 'bigint',
    'messages': 'bigint',
    'credits_used': 'decimal(18, 6)',
    'overage_credits_used': 'decimal(18, 6)',
} %}

with

activities as (
    select * from {{ ref('int_activities_with_plan') }}
    where {{ is_day_to_make() }}
),

-- A limit reported under one tier does not apply to another tier on the same day. A single blank
-- value makes the seat's sum unknown.
tier_days as (
    select
        account_id,
        profile_id,
        user_id,
        activity_date,
        subscription_tier,
        {%- for measure in measures %}
            case when count({{ measure }}) = count(*) then sum({{ measure }}) end as {{ measure }},
        {%- endfor %}
        bool_or({{ is_active() }}) as is_active,
        max(overage_cap) as overage_cap,
        max(usage_limit) as usage_limit,
        max(plan_allowance_credits) as plan_allowance_credits,
        coalesce(max(usage_limit), max(plan_allowance_credits)) as allowance_credits,
        -- The plan determines which tier is higher; if no plan is known, the limit does.
        coalesce(max(plan_allowance_credits), max(usage_limit)) as tier_credits,
        bool_or(overage_enabled) as overage_enabled,
        bool_or(new_user) as new_user,
        max(version) as version
    from activities
    group by
        account_id,
        profile_id,
        user_id,
        activity_date,
        subscription_tier
),

seat_days as (
    select
        account_id,
        profile_id,
        user_id,
        activity_date,
        {{ highest_tier('tier_credits') }} as subscription_tier,
        {%- for measure, data_type in measures.items() %}
            cast(
                case when count({{ measure }}) = count(*) then sum({{ measure }}) end
                as {{ data_type }}
            ) as {{ measure }},
        {%- endfor %}
        bool_or(is_active) as is_active,
        max(overage_cap) as overage_cap,
        -- The day's reported limit, or NULL if the allowance comes only from the plan.
        case
            when max(usage_limit) = max(allowance_credits) then max(usage_limit)
            when max(allowance_credits) <> max(plan_allowance_credits) then max(allowance_credits)
        end as usage_limit,
        max(plan_allowance_credits) as plan_allowance_credits,
        bool_or(overage_enabled) as overage_enabled,
        bool_or(new_user) as new_user,
        max(version) as version
    from tier_days
    group by
        account_id,
        profile_id,
        user_id,
        activity_date
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    subscription_tier,
    version,

    -- numbers
    conversations,
    messages,
    credits_used,
    overage_credits_used,
    overage_cap,
    usage_limit,
    plan_allowance_credits,

    -- booleans
    overage_enabled,
    new_user,
    is_active,

    -- dates
    activity_date,
    {{ month_start('activity_date') }} as usage_month
from seat_days
