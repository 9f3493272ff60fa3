-- Lists of seats from the console, the directory and the HR department.

create table subscriptions as
select
    seats.seat_no,
    seats.account_no,
    seats.account_id,
    seats.region,
    seats.profile_id,
    seats.user_id,
    coalesce(story_emails.current_email, seats.email) as email,
    seats.tier,
    coalesce(seat_truths.truth, if(story_emails.email is not null, 'two email addresses', null))
        as truth,
    case
        when seat_truths.roster_status = 'Pending' then null
        when seat_truths.truth = 'activated before history'
            then (getvariable('first_date') - interval '1 year')::date
        -- Activated before the first month, so that month is billed in full.
        when seats.joined_day_no < 0
            then date_trunc('month', getvariable('first_date'))::date
                - 1 - floor(300 * uniform(seats.seat_no, 0, 'activated'))::int
        else getvariable('first_date') + seats.joined_day_no
    end as activation_date,
    coalesce(seat_truths.is_billed, true) as is_billed,
    case
        when seat_truths.truth = 'cancelled'
            then cast(date_trunc('month', getvariable('last_date')) - interval '2 months' as date)
        else cast(date_trunc('month', getvariable('last_date')) as date)
    end as last_billed_month,
    case
        when seat_truths.truth is null then 'Active'
        else seat_truths.roster_status
    end as roster_status,
    if(uniform(seats.user_id, 0, 'plan source') < 0.3, 'Direct', roster_plans.group_name)
        as plan_source,
    roster_plans.plan_name
from seats
inner join (values
    ('PRO', 'Kiro Pro', 'kiro-pro'),
    ('PRO_PLUS', 'Kiro Pro+', 'kiro-pro-plus'),
    ('PRO_MAX', 'Kiro Pro Max', 'kiro-pro-max'),
    ('POWER', 'Kiro Power', 'kiro-power')
) as roster_plans (tier, plan_name, group_name)
    on seats.tier = roster_plans.tier
left join seat_truths
    on seats.seat_no = seat_truths.seat_no
-- In the story about a changing email address, the last address in reports.
left join (values
    ('changing.email.address@example.com', 'New.Name@Example.com')
) as story_emails (email, current_email)
    on seats.email = story_emails.email;

-- One row per person, including some without a seat. The first 1,600 names are unique.
create table people as
with holders as (
    select
        user_id,
        min(seat_no) as seat_no,
        min_by(email, seat_no) as email,
        bool_or(truth is null and activation_date < getvariable('first_date')) as is_long_known
    from subscriptions
    where truth is distinct from 'left since the older roster'
    group by user_id
    union all
    select
        user_id_of(md5(getvariable('seed') || ' contractor ' || contractor_no)),
        (select max(seat_no) from subscriptions) + contractor_no,
        'contractor' || contractor_no || '@example.com',
        false
    from range(1, 4) as contractors (contractor_no)
),

numbered as (
    select
        *,
        row_number() over (order by seat_no) - 1 as person_no,
        row_number() over (order by not is_long_known, md5(user_id)) as lot_no,
        -- Teams of about fifty people.
        greatest(6, getvariable('users') // 50) as large_teams
    from holders
),

placed as (
    select
        *,
        case
            when lot_no <= 3 then 0
            when lot_no <= 5 then 1
            when email not like 'contractor%' and uniform(user_id, 0, 'unassigned') < 0.05 then null
            else 2 + floor(large_teams * uniform(user_id, 0, 'team'))::int
        end as team_no
    from numbered
)

select
    person_no,
    user_id,
    email,
    [
        'Ada', 'Amir', 'Aoife', 'Bela', 'Bruno', 'Carmen', 'Chidi', 'Clara', 'Dalia', 'Davide',
        'Edda', 'Emil', 'Esra', 'Farid', 'Finn', 'Freya', 'Goran', 'Greta', 'Hana', 'Hugo',
        'Ines', 'Ivo', 'Jana', 'Jonas', 'Kaito', 'Karim', 'Lena', 'Luca', 'Maja', 'Mateo',
        'Nadia', 'Noor', 'Olga', 'Oskar', 'Priya', 'Rafael', 'Sanne', 'Tariq', 'Vera', 'Yuki'
    ][1 + person_no % 40] || ' ' || [
        'Abara', 'Almeida', 'Andersen', 'Bakker', 'Banerjee', 'Brandt', 'Castellan', 'Conti',
        'Dahl', 'Delacroix', 'Eriksen', 'Farkas', 'Fontaine', 'Gallo', 'Haddad', 'Horvat',
        'Ibarra', 'Ito', 'Jansen', 'Kaya', 'Kowal', 'Lindqvist', 'Lopes', 'Maier', 'Moreau',
        'Nakano', 'Novotny', 'Okafor', 'Olsen', 'Petrov', 'Quispe', 'Rossi', 'Sato', 'Silva',
        'Tanaka', 'Torres', 'Ulrich', 'Varga', 'Weiss', 'Zeman'
    ][1 + (person_no // 40 + person_no) % 40] as display_name,
    team_no,
    coalesce(
        [
            'Research', 'Design', 'Platform', 'Payments', 'Mobile', 'Data', 'Checkout', 'Catalogue'
        ][1 + team_no],
        'Team ' || (1 + team_no)
    ) as team,
    -- The two small teams, 0 and 1, are in different cost centers.
    'CC-' || (1000 + 100 * (team_no % (2 + large_teams // 3))) as cost_center
from placed;

create table rosters as
select
    account_id,
    truth is distinct from 'left since the older roster' as is_current,
    activation_date <= getvariable('last_date') - 30 as was_listed_earlier,
    if(account_no = 0, split_part(email, '@', 1), email) as "User name",
    coalesce(roster_status, 'Active') as "Subscription status",
    plan_name as "Kiro plan",
    plan_source as "Plan source",
    activation_date as "Activation date"
from subscriptions
where roster_status is not null or truth = 'left since the older roster'
order by account_id, seat_no;

create table directory as
with memberships as (
    select distinct user_id, plan_source as group_name
    from subscriptions
    where plan_source <> 'Direct'
    union all
    select user_id, 'everyone'
    from people
)

select
    people.user_id as "User id",
    split_part(email, '@', 1) as "User name",
    email as "Email",
    display_name as "Display name",
    group_name as "Group"
from people
inner join memberships using (user_id)
order by person_no, group_name;

create table team_list as
select
    case
        when uniform(user_id, 0, 'case') < 0.15 then upper(email)
        when uniform(user_id, 0, 'case') < 0.3 then upper(email[1]) || email[2:]
        else email
    end as "E-mail",
    team as "Team",
    cost_center as "Cost center",
    first_value(display_name) over (partition by team order by person_no) as "Manager"
from people
where team is not null
order by team_no, person_no;

create table exemptions as
select
    email as "E-mail",
    getvariable('last_date') + 60 as "Exempt until",
    'On parental leave' as "Reason"
from subscriptions
where truth = 'dormant but exempt'
order by email;
