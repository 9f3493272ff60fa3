-- The expected answers for the seat files.

create view bill_answers as
select
    usage_month::varchar as usage_month,
    account_id,
    count(*) filter (where kind = 'subscription') as seats,
    coalesce(sum(cost_usd) filter (where kind = 'subscription'), 0)::double
        as subscription_cost_usd,
    coalesce(sum(cost_usd) filter (where kind = 'overage'), 0)::double as overage_cost_usd,
    coalesce(sum(cost_usd) filter (where kind = 'tax'), 0)::double as tax_usd,
    coalesce(sum(cost_usd), 0)::double as total_usd,
    coalesce(sum(amount) filter (where kind = 'overage'), 0)::double as credits
from charges
where kind in ('subscription', 'overage', 'tax')
group by usage_month, account_id
order by usage_month, account_id;

create view seat_answers as
with active_days as (
    select
        seat_no,
        (getvariable('first_date') + min(day_no))::varchar as first_active_date,
        (getvariable('first_date') + max(day_no))::varchar as last_active_date
    from story_days
    inner join story_seats using (story, overage_enabled)
    group by seat_no
),

billed_months as (
    select
        seat_no,
        max(usage_month) as last_charge_month,
        max_by(rate_usd, usage_month)::double as price_usd
    from charges
    where kind = 'subscription'
    group by seat_no
)

select
    subscriptions.truth,
    account_id,
    -- NULL: the seat is not in any report, so its profile is unknown.
    if(first_active_date is null, null, profile_id) as profile_id,
    user_id,
    email,
    {
        seat_state: if(truth = 'two email addresses', 'active', seat_state),
        -- The most reliable source that lists the seat.
        seat_source: case
            when last_charge_month is not null then 'bill'
            when subscriptions.roster_status is not null then 'roster'
            when first_active_date is not null then 'observed'
        end,
        -- On the last month's bill.
        is_billed: coalesce(
            last_charge_month = date_trunc('month', getvariable('last_date')), false
        ),
        last_billed_month: last_charge_month::varchar,
        is_on_roster: subscriptions.roster_status is not null,
        roster_status: subscriptions.roster_status,
        activation_date: if(
            subscriptions.roster_status is null, null, activation_date::varchar
        ),
        first_active_date: first_active_date,
        last_active_date: last_active_date,
        is_exempt: if(truth = 'dormant but exempt', true, null),
        wasted_usd: if(
            truth = 'duplicate in two accounts', min(price_usd) over (partition by truth), null
        )
    } as expected
from subscriptions
left join seat_truths using (seat_no, truth)
left join active_days using (seat_no)
left join billed_months using (seat_no)
where truth is not null
order by truth, account_id;

create view difference_answers as
select
    'more credits billed than reported' as difference,
    seats.account_id,
    seats.user_id,
    unreported_overage.usage_month::varchar as usage_month,
    unreported_overage.credits::double as credits
from unreported_overage
inner join seats using (seat_no)
union all
select 'reported but not billed', account_id, user_id, null, null
from subscriptions
where truth = 'reported but not billed';

-- Seats on the last month's bill; team NULL for people without a team.
create view team_answers as
with seats as (
    select team, cost_center, count(*) as seats
    from charges
    inner join people using (user_id)
    where charges.kind = 'subscription' and is_last_month
    group by team, cost_center
),

listed as (
    select team, cost_center, count(*) filter (where team is not null) as people
    from people
    group by team, cost_center
)

select
    listed.team,
    listed.cost_center,
    listed.people,
    coalesce(seats.seats, 0) as seats
from listed
left join seats
    on listed.team is not distinct from seats.team
order by cost_center nulls last, team;

-- Lower-case addresses, including those found only in reports; people who left are on the older
-- roster.
create view email_answers as
select distinct lower(email) as email
from (
    select email from subscriptions
    union all
    select email from people
    union all
    select 'zz.old.name@example.com'
)
order by email;

create view name_answers as
select distinct display_name
from people
order by display_name;
