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

model_messages as (
    select * from {{ ref('stg_kiro__model_messages') }}
    where {{ is_day_to_make() }}
),

attributed as (
    select
        activities.account_id,
        activities.profile_id,
        activities.user_id,
        activities.client_type,
        activities.subscription_tier,
        activities.activity_date,
        activities.version,
        model_messages.model,
        model_messages.messages
    from activities
    inner join model_messages
        on
            activities.file_id = model_messages.file_id
            and activities.line_number = model_messages.line_number
),

-- The part of Total_Messages that is in no model column, so that the models always add up to the
-- total.
unattributed as (
    select
        account_id,
        profile_id,
        user_id,
        client_type,
        subscription_tier,
        activity_date,
        version,
        '(unattributed)' as model,
        messages - attributed_messages as messages
    from activities
    where messages <> attributed_messages
),

unioned as (
    select * from attributed
    union all
    select * from unattributed
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    client_type,
    subscription_tier,
    model,
    version,

    -- numbers
    cast(sum(messages) as bigint) as messages,

    -- dates
    activity_date,
    {{ month_start('activity_date') }} as usage_month
from unioned
group by
    account_id,
    profile_id,
    user_id,
    client_type,
    subscription_tier,
    model,
    version,
    activity_date
