with

seat_model_months as (
    select * from {{ ref('int_seat_model_months_ranked') }}
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    model,

    -- numbers
    messages,
    message_share,

    -- booleans
    is_dominant_model,

    -- dates
    usage_month
from seat_model_months
