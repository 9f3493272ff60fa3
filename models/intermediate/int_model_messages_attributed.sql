with

activities as (
    select * from {{ ref('int_activities_priced') }}
),

model_messages as (
    select * from {{ ref('stg_kiro__model_messages') }}
),

attributed as (
    select
        activities.account_id,
        activities.profile_id,
        activities.user_id,
        activities.client_type,
        activities.subscription_tier,
        activities.activity_date,
        model_messages.model,
        model_messages.messages
    from activities
    inner join model_messages
        on
            activities.file_id = model_messages.file_id
            and activities.line_number = model_messages.line_number
),

-- What the model columns leave of Total_Messages, so that both always add up to the same.
unattributed as (
    select
        account_id,
        profile_id,
        user_id,
        client_type,
        subscription_tier,
        activity_date,
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

    -- numbers
    cast(sum(messages) as bigint) as messages,

    -- dates
    activity_date
from unioned
group by
    account_id,
    profile_id,
    user_id,
    client_type,
    subscription_tier,
    model,
    activity_date
