with

totals as (
    select * from {{ ref('int_model_days_counted') }}
),

model_catalog as (
    select * from {{ ref('stg_plans__model_catalog') }}
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
    cast(model_catalog.credit_multiplier_high as double) as credit_multiplier_high,
    totals.messages,
    cast(totals.messages as double) / nullif(sum(totals.messages) over (
        partition by
            totals.activity_date, totals.account_id, totals.client_type, totals.subscription_tier
    ), 0) as message_share,
    totals.users,

    -- dates
    totals.activity_date
from totals
left join model_catalog
    on {{ model_holds('totals.model', 'totals.activity_date') }}
