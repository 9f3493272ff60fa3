{{ config(
    materialized='incremental',
    partition_by=['usage_month'] if target.type == 'spark' else none,
    pre_hook=["{{ delete_outdated('activity_date') }}", "{{ set_days_to_make() }}"],
    post_hook="{{ make_further_days() }}",
) }}

with

model_messages as (
    select * from {{ ref('int_model_messages_attributed') }}
    where {{ is_day_to_make() }}
)

select
    -- ids
    account_id,

    -- text
    client_type,
    coalesce(subscription_tier, '(unknown)') as subscription_tier,
    model,
    version,

    -- numbers
    cast(sum(messages) as bigint) as messages,
    count(distinct user_id) as users,

    -- dates
    activity_date,
    usage_month
from model_messages
group by
    account_id,
    client_type,
    coalesce(subscription_tier, '(unknown)'),
    model,
    version,
    activity_date,
    usage_month
