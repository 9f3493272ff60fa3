with

model_messages as (
    select * from {{ ref('int_model_messages_attributed') }}
),

model_catalog as (
    select * from {{ ref('model_catalog') }}
),

totals as (
    select
        activity_date,
        account_id,
        client_type,
        coalesce(subscription_tier, '(unknown)') as subscription_tier,
        model,
        sum(messages) as messages,
        count(distinct user_id) as users
    from model_messages
    group by
        activity_date,
        account_id,
        client_type,
        coalesce(subscription_tier, '(unknown)'),
        model
)

select
    -- ids
    totals.account_id,

    -- text
    totals.client_type,
    totals.subscription_tier,
    totals.model,
    model_catalog.model_kind,
    model_catalog.vendor,
    model_catalog.model_family,

    -- numbers
    cast(model_catalog.credit_multiplier as double) as credit_multiplier,
    cast(totals.messages as bigint) as messages,
    cast(totals.messages as double) / nullif(sum(totals.messages) over (
        partition by
            totals.activity_date, totals.account_id, totals.client_type, totals.subscription_tier
    ), 0) as message_share,
    totals.users,

    -- dates
    totals.activity_date
from totals
left join model_catalog
    on totals.model = model_catalog.model
