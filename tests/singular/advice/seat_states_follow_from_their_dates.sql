-- Each seat's state agrees with the dates in the same row.
select
    account_id,
    profile_id,
    user_id,
    seat_state,
    days_since_active,
    activated_date,
    last_active_date,
    as_of_date
from {{ ref('license_utilization') }}
where
    coalesce(days_since_active, -1)
    <> coalesce({{ days_between('last_active_date', 'as_of_date') }}, -1)
    or not coalesce(
        case seat_state
            when 'pending' then last_active_date is null and last_billed_month is null
            when 'cancelled'
                then
                    last_billed_month is not null or subscription_status is not null
                    or last_active_date is not null
            when 'blocked' then credits_used_month is not null
            when 'new'
                then
                    {{ days_between('activated_date', 'as_of_date') }}
                    <= {{ var('new_seat_days') }}
            when 'active' then days_since_active <= {{ var('active_seat_days') }}
            when 'slipping'
                then
                    days_since_active
                    between {{ var('active_seat_days') }} + 1 and {{ var('slipping_seat_days') }}
            when 'idle'
                then
                    days_since_active
                    between {{ var('slipping_seat_days') }} + 1 and {{ var('idle_seat_days') }}
            when 'dormant'
                then
                    days_since_active
                    between {{ var('idle_seat_days') }} + 1 and {{ var('dormant_seat_days') }}
            when 'stale' then days_since_active > {{ var('dormant_seat_days') }}
            when 'never_used' then last_active_date is null and activated_date is not null
            when 'unknown_history' then last_active_date is null
        end,
        false
    )
