with

exemptions as (
    select * from {{ ref('seat_exemptions') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
)

select
    {{ bare_user_id('exemptions.user_id') }} as user_id,
    max(exemptions.exemption_reason) as exemption_reason
from exemptions
cross join as_of
where
    exemptions.exempt_until is null
    or exemptions.exempt_until >= as_of.as_of_date
group by {{ bare_user_id('exemptions.user_id') }}
