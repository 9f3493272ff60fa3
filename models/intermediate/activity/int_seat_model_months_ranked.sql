{{ config(
    materialized='incremental',
    partition_by=['usage_month'] if target.type == 'spark' else none,
    pre_hook="{{ delete_outdated('usage_month') }}",
) }}

with

model_messages as (
    select * from {{ ref('int_model_messages_attributed') }}
    where {{ is_to_make('usage_month') }}
),

months as (
    select * from {{ ref('int_report_months_versioned') }}
),

totals as (
    select
        usage_month,
        account_id,
        profile_id,
        user_id,
        model,
        sum(messages) as messages
    from model_messages
    group by
        usage_month,
        account_id,
        profile_id,
        user_id,
        model
),

ranked as (
    select
        *,
        sum(messages) over (
            partition by usage_month, account_id, profile_id, user_id
        ) as seat_messages,
        row_number() over (
            partition by usage_month, account_id, profile_id, user_id
            order by
                case when model = '(unattributed)' then 1 else 0 end,
                messages desc,
                model asc
        ) as model_rank
    from totals
)

select
    -- ids
    ranked.account_id,
    ranked.profile_id,
    ranked.user_id,

    -- text
    ranked.model,
    months.version,

    -- numbers
    cast(ranked.messages as bigint) as messages,
    cast(ranked.messages as double) / nullif(ranked.seat_messages, 0) as message_share,

    -- booleans
    ranked.model_rank = 1 and ranked.model <> '(unattributed)' as is_dominant_model,

    -- dates
    ranked.usage_month
from ranked
left join months
    on ranked.usage_month = months.usage_month
