-- No seat that may be in use is reclaimed, and no advice about active people is certain.
-- Recomputed from each source, not from the columns on which the advice is based.
with

actions as (
    select * from {{ ref('recommended_actions') }}
),

observed_seats as (
    select * from {{ ref('int_seats_summarized') }}
),

unreported_use as (
    select * from {{ ref('int_unreported_use') }}
),

held_seats as (
    select * from {{ ref('int_seats_held') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- NULL: the profile is not in any report.
uses as (
    select
        account_id,
        nullif(profile_id, '(unknown)') as profile_id,
        user_id,
        last_active_date as used_date
    from observed_seats
    union all
    select
        account_id,
        cast(null as {{ dbt.type_string() }}) as profile_id,
        user_id,
        last_evidence_date as used_date
    from unreported_use
),

recent_uses as (
    select
        uses.account_id,
        uses.profile_id,
        uses.user_id,
        coalesce(held_seats.is_billed, true) as may_be_a_seat
    from uses
    cross join as_of
    left join held_seats
        on {{ same_seat('uses', 'held_seats') }}
    where uses.used_date > {{ add_days('as_of.as_of_date', -30) }}
)

select distinct
    actions.account_id,
    actions.profile_id,
    actions.user_id,
    actions.action,
    actions.confidence
from actions
inner join recent_uses
    on actions.user_id = recent_uses.user_id
where
    actions.confidence = 'certain'
    or (
        actions.action = 'reclaim'
        and (
            (
                actions.account_id = recent_uses.account_id
                and coalesce(recent_uses.profile_id, actions.profile_id) = actions.profile_id
            )
            or not recent_uses.may_be_a_seat
        )
    )
