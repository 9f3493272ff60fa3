{{ config(
    materialized='incremental',
    partition_by=['usage_month'] if target.type == 'spark' else none,
    pre_hook=["{{ delete_outdated('activity_date') }}", "{{ set_days_to_make() }}"],
    post_hook="{{ make_further_days() }}",
) }}

with

activities as (
    select * from {{ ref('int_activities_with_plan') }}
    where {{ is_day_to_make() }}
),

-- A single blank value makes the seat's sum unknown.
seat_days as (
    select
        account_id,
        profile_id,
        user_id,
        client_type,
        coalesce(subscription_tier, '(unknown)') as subscription_tier,
        version,
        activity_date,
        {%- for measure in ['conversations', 'messages', 'credits_used', 'overage_credits_used'] %}
            case when count({{ measure }}) = count(*) then sum({{ measure }}) end as {{ measure }},
        {%- endfor %}
        bool_or({{ is_active() }}) as is_active
    from activities
    group by
        account_id,
        profile_id,
        user_id,
        client_type,
        coalesce(subscription_tier, '(unknown)'),
        version,
        activity_date
)

select
    -- ids
    account_id,

    -- text
    client_type,
    subscription_tier,
    version,

    -- numbers
    count(distinct case when is_active then user_id end) as users,
    cast(sum(conversations) as bigint) as conversations,
    count(*) - count(conversations) as seats_with_unknown_conversations,
    cast(sum(messages) as bigint) as messages,
    count(*) - count(messages) as seats_with_unknown_messages,
    -- Wider than for one seat, so that a million seats with 1e8 credits each fit.
    cast(sum(credits_used) as decimal(28, 6)) as credits_used,
    count(*) - count(credits_used) as seats_with_unknown_credits,
    cast(sum(overage_credits_used) as decimal(28, 6)) as overage_credits_used,
    count(*) - count(overage_credits_used) as seats_with_unknown_overage_credits,

    -- dates
    activity_date,
    {{ month_start('activity_date') }} as usage_month
from seat_days
group by
    account_id,
    client_type,
    subscription_tier,
    version,
    activity_date
