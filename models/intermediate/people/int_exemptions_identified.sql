with

exemptions as (
    select * from {{ ref('seat_exemptions') }}
),

listed_exemptions as (
    select * from {{ ref('stg_rosters__exemptions') }}
),

emails as (
    select * from {{ ref('int_emails_identified') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

known as (
    select
        {{ bare_user_id('user_id') }} as user_id,
        exempt_until,
        exemption_reason
    from exemptions
    union all
    select
        coalesce(
            listed_exemptions.user_id,
            by_email.user_id,
            by_user_name.user_id,
            listed_exemptions.unmatched_id
        ) as user_id,
        listed_exemptions.exempt_until,
        listed_exemptions.exemption_reason
    from listed_exemptions
    left join emails as by_email
        on listed_exemptions.user_email = by_email.user_email
    left join emails as by_user_name
        on listed_exemptions.user_name = by_user_name.user_email
)

select
    known.user_id,
    max(known.exemption_reason) as exemption_reason
from known
cross join as_of
where
    known.exempt_until is null
    or known.exempt_until >= as_of.as_of_date
group by known.user_id
