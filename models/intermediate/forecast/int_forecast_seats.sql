with

seats as (
    select * from {{ ref('int_seats_summarized') }}
),

numbered as (
    select
        account_id,
        profile_id,
        user_id,
        first_seen_date,
        row_number() over (
            order by
                md5(account_id || profile_id || user_id),
                account_id,
                profile_id,
                user_id
        ) as seat_number
    from seats
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- numbers
    cast(seat_number as integer) as seat_number,

    -- booleans
    seat_number <= {{ var('forecast_sample_seats') }} as is_sampled,

    -- dates
    first_seen_date
from numbered
