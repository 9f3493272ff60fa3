{% macro held_seat_state(day) -%}
    case
        when is_blocked then 'blocked'
        -- An activation in the future does not make a used seat new.
        when
            {{ days_between('activated_date', day) }} <= {{ var('new_seat_days') }}
            and (activated_date <= {{ day }} or days_since_active is null)
            then 'new'
        when days_since_active <= {{ var('active_seat_days') }} then 'active'
        when days_since_active <= {{ var('slipping_seat_days') }} then 'slipping'
        when days_since_active <= {{ var('idle_seat_days') }} then 'idle'
        when days_since_active <= {{ var('dormant_seat_days') }} then 'dormant'
        when days_since_active is not null then 'stale'
        when
            is_paid
            and activated_date >= first_report_date
            -- Other evidence: the bill, the legacy report or a rejected row.
            and coalesce(first_unreported_date > {{ day }}, true)
            then 'never_used'
        else 'unknown_history'
    end
{%- endmacro %}
