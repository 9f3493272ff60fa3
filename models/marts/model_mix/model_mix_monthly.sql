with

model_messages as (
    select * from {{ ref('int_model_messages_attributed') }}
),

totals as (
    select
        {{ month_start('activity_date') }} as usage_month,
        account_id,
        profile_id,
        user_id,
        model,
        sum(messages) as messages
    from model_messages
    group by
        {{ month_start('activity_date') }},
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
    account_id,
    profile_id,
    user_id,

    -- text
    model,

    -- numbers
    cast(messages as bigint) as messages,
    cast(messages as double) / nullif(seat_messages, 0) as message_share,

    -- booleans
    model_rank = 1 and model <> '(unattributed)' as is_dominant_model,

    -- dates
    usage_month
from ranked
