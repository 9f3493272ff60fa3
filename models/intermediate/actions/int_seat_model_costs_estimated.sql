{%- set highest_multiplier = (
    'coalesce(model_catalog.credit_multiplier_high, model_catalog.credit_multiplier)'
) -%}

with

model_messages as (
    select * from {{ ref('int_model_messages_attributed') }}
),

model_catalog as (
    select * from {{ ref('stg_plans__model_catalog') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- Of each range, the end that saves less: the lowest multiplier for models to replace, the highest
-- for models to keep.
seat_messages as (
    select
        model_messages.account_id,
        model_messages.profile_id,
        model_messages.user_id,
        sum(model_messages.messages) as messages,
        sum(
            case when model_catalog.credit_multiplier is not null then model_messages.messages end
        ) as priced_messages,
        sum(
            model_messages.messages
            * case
                when model_catalog.credit_multiplier > 1 then model_catalog.credit_multiplier
                else {{ highest_multiplier }}
            end
        ) as present_cost,
        sum(
            model_messages.messages
            * case
                when model_catalog.credit_multiplier > 1 then 1
                else {{ highest_multiplier }}
            end
        ) as cost_with_auto
    from model_messages
    cross join as_of
    left join model_catalog
        on {{ model_holds('model_messages.model', 'model_messages.activity_date') }}
    where model_messages.activity_date > {{ add_days('as_of.as_of_date', -28) }}
    group by
        model_messages.account_id,
        model_messages.profile_id,
        model_messages.user_id
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- numbers
    cast(cost_with_auto as double) / cast(present_cost as double) as credits_share_with_auto
from seat_messages
where
    messages >= 20
    and priced_messages >= 0.9 * messages
    and cost_with_auto < present_cost
