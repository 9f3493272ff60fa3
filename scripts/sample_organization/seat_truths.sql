-- Seats with known answers, and unused seats. Active seats are in their account's second Region, so
-- that other report files are unaffected.

create table seat_truths as
with truths as (
    select *
    from (values
        -- days_held: from activation to the last day; NULL: activated before the first day.
        -- days_needed: the minimum history.
        ('never used', 0, 'PRO', 'Active', true, 70, 'never_used', 71),
        ('pending', 0, 'PRO', 'Pending', false, null, 'pending', 0),
        ('cancelled', 0, 'PRO_PLUS', 'Canceled', true, null, 'cancelled', 80),
        ('new and unused', 0, 'PRO', 'Active', true, 5, 'new', 0),
        ('duplicate in two accounts', 0, 'PRO_PLUS', 'Active', true, null, 'active', 0),
        ('duplicate in two accounts', 1, 'PRO', 'Active', true, null, 'active', 0),
        ('dormant but exempt', 0, 'POWER', 'Active', true, null, 'dormant', 51),
        ('billed but on no roster', 0, 'PRO', null, true, null, 'active', 0),
        ('on the roster but not billed', 0, 'PRO', 'Active', false, null, 'pending', 0),
        ('reported but not billed', 0, 'PRO', 'Active', false, null, 'active', 0),
        ('returned', 0, 'PRO', 'Active', true, null, 'active', 46),
        ('activated before history', 0, 'PRO_MAX', 'Active', true, null, 'unknown_history', 0),
        ('left since the older roster', 0, 'PRO', null, false, null, null, 0)
    ) as truths (
        truth, account_no, tier, roster_status, is_billed, days_held, seat_state, days_needed
    )
)

select
    (select max(seat_no) from seats) + row_number() over (order by truth, account_no) as seat_no,
    truths.*,
    md5(getvariable('seed') || ' truth ' || truth) as digest
from truths
-- Leave out seats that need more history or a second account.
where
    getvariable('days') >= days_needed
    and (truth <> 'duplicate in two accounts' or getvariable('accounts') > 1);

insert into seats by name
select
    seat_no,
    user_id_of(digest) as user_id,
    replace(truth, ' ', '.') || '@example.com' as email,
    false as has_blank_email,
    account_id,
    if(region = 'us-east-1', 'eu-central-1', 'us-east-1') as region,
    prefix,
    account_no,
    'arn:aws:codewhisperer:' || if(region = 'us-east-1', 'eu-central-1', 'us-east-1') || ':'
    || account_id || ':profile/SEATS' || lpad(account_no::varchar, 7, '0') as profile_id,
    -- Tells a person's two seats apart.
    account_no = 1 as overage_enabled,
    tier,
    allowance,
    allowance::double as overage_cap,
    'story' as behaviour,
    coalesce(getvariable('days') - 1 - days_held, -1) as joined_day_no,
    'KIRO_IDE' as main_client
from seat_truths
inner join accounts using (account_no)
inner join plans using (tier);

insert into story_seats by name
select
    seat_no,
    truth as story,
    tier,
    overage_enabled
from seat_truths
inner join seats using (seat_no, tier);

insert into story_days by name
with calendar as (
    select
        day_no::int as day_no,
        getvariable('first_date') + day_no::int as day,
        isodow(getvariable('first_date') + day_no::int) < 6 as is_weekday,
        getvariable('days') - 1 - day_no as days_before_last,
        date_trunc('month', getvariable('first_date') + getvariable('days')::int - 1)
            as last_month
    from range(getvariable('days')) as calendar (day_no)
)

select
    truth as story,
    tier,
    account_no = 1 as overage_enabled,
    day_no,
    6 as credits,
    'auto' as model
from seat_truths
cross join calendar
where
    case
        when truth in (
            'duplicate in two accounts', 'billed but on no roster', 'reported but not billed'
        ) then is_weekday or days_before_last = 0
        when truth = 'cancelled' then is_weekday and day < last_month - interval '1 month 10 days'
        when truth = 'dormant but exempt'
            then days_before_last = 50 or is_weekday and days_before_last > 50
        when truth = 'returned'
            then days_before_last < 5 or days_before_last = 45 or is_weekday and days_before_last > 45
        else false
    end;

-- One seat in twenty, but at least three, are billed and never reported; most exist from the start.
insert into seats by name
with unused as (
    select
        (select max(seat_no) from seats) + seat_no::int + 1 as seat_no,
        uniform(seat_no, 0, 'unused tier') as tier_draw,
        uniform(seat_no, 0, 'unused joined') as joined_draw
    from range(greatest(3, ceil(getvariable('users') / 20.0)::int)) as seats (seat_no)
)

select
    unused.seat_no,
    user_id_of(md5(getvariable('seed') || ' unused ' || unused.seat_no)) as user_id,
    'user' || unused.seat_no || '@example.com' as email,
    accounts.*,
    min_by(plans.tier, cumulative_share) as tier,
    'story' as behaviour,
    case
        when joined_draw < 0.7 then -1
        else floor((joined_draw - 0.7) / 0.3 * getvariable('days'))::int
    end as joined_day_no
from unused
inner join accounts
    on unused.seat_no % getvariable('accounts') = accounts.account_no
inner join plans
    on unused.tier_draw < plans.cumulative_share
group by all;

-- Reported overage, which the bill is based on.
create table overage_days (
    seat_no bigint, day date, account_id varchar, client varchar, credits decimal(18, 6)
);
