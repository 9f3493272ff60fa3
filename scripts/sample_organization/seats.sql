-- The organization: one row per seat, derived only from the seed.

-- A number in [0, 1) derived from the seed, a seat, a day and a purpose.
create macro uniform(seat_no, day_no, purpose) as
    -- Hash each argument separately: DuckDB's hash of several arguments gives correlated results.
    (hash(xor(hash(xor(hash(getvariable('seed') || purpose), hash(seat_no))), hash(day_no))) >> 11)
    / 9007199254740992.0;

create macro normal(seat_no, day_no, purpose) as
    sqrt(-2 * ln(1 - uniform(seat_no, day_no, purpose || ' radius')))
    * cos(2 * pi() * uniform(seat_no, day_no, purpose || ' angle'));

-- An id in the identity store's format, from 32 hex digits.
create macro user_id_of(digest) as concat_ws(
    '-', digest[1:8], digest[9:12], '4' || digest[14:16], '8' || digest[18:20], digest[21:32]
);

create table plans as
select *
from (values
    ('PRO', 1000, 0.55), ('PRO_PLUS', 2000, 0.80), ('PRO_MAX', 5000, 0.90), ('POWER', 10000, 1.01)
) as plans (tier, allowance, cumulative_share);

-- Each model's first and last day in reports, and its cost per message relative to auto.
create table models as
select *
from (values
    ('auto', date '2025-01-01', date '2099-01-01', 1.0),
    ('simple_task', date '2025-01-01', date '2026-05-31', 0.2),
    ('claude_sonnet_4.5', date '2025-01-01', date '2026-07-31', 1.3),
    ('claude_opus_4.6', date '2025-01-01', date '2026-06-30', 2.2),
    ('claude_haiku_4.5', date '2025-01-01', date '2099-01-01', 0.4),
    ('claude_sonnet_4.6', date '2026-03-01', date '2099-01-01', 1.3),
    ('claude_opus_4.7', date '2026-04-15', date '2099-01-01', 2.2),
    ('qwen3_coder_next', date '2026-05-01', date '2099-01-01', 0.05),
    ('claude_opus_4.8', date '2026-06-10', date '2099-01-01', 2.2),
    ('gpt_5.6_terra', date '2026-07-15', date '2099-01-01', 1.0),
    ('claude_sonnet_5', date '2026-08-01', date '2099-01-01', 1.3),
    ('claude_opus_5', date '2026-08-20', date '2099-01-01', 2.2)
) as models (model, first_date, last_date, multiplier);

create table accounts as
select
    account_no,
    cast(100000000001 + account_no as varchar) as account_id,
    ['us-east-1', 'eu-central-1'][1 + account_no % 2] as region,
    ['user-activity', 'logs/logs'][1 + account_no % 2] as prefix
from range(getvariable('accounts')) as accounts (account_no);

-- Each account has a profile with overage off and one with overage on.
create table profiles as
select
    *,
    'arn:aws:codewhisperer:' || region || ':' || account_id || ':profile/'
    || if(overage_enabled, 'OVERAGEON', 'OVERAGEOFF') || lpad(account_no::varchar, 4, '0')
        as profile_id
from accounts, (values (false), (true)) as overage (overage_enabled);

create table seats as
with drawn as (
    select
        seat_no,
        md5(getvariable('seed') || ' user ' || seat_no) as digest,
        seat_no % getvariable('accounts') as account_no,
        (seat_no // getvariable('accounts')) % 2 = 1 as overage_enabled,
        uniform(seat_no, 0, 'tier') as tier_draw,
        uniform(seat_no, 0, 'behaviour') as behaviour_draw,
        uniform(seat_no, 0, 'client') as client_draw,
        uniform(seat_no, 0, 'joined') as joined_draw,
        uniform(seat_no, 0, 'quit') as quit_draw,
        normal(seat_no, 0, 'appetite') as appetite_draw
    from range(getvariable('users')) as seats (seat_no)
),

behaving as (
    select
        *,
        case
            when behaviour_draw < 0.60 then 'steady'
            when behaviour_draw < 0.78 then 'light'
            when behaviour_draw < 0.85 then 'heavy'
            when behaviour_draw < 0.92 then 'ramp'
            else 'quitter'
        end as behaviour,
        -- Most people joined before the first report.
        case
            when joined_draw < 0.7 then -1
            else floor((joined_draw - 0.7) / 0.3 * getvariable('days'))::int
        end as joined_day_no
    from drawn
)

select
    seats.seat_no,
    user_id_of(digest) as user_id,
    'user' || seats.seat_no || '@example.com' as email,
    uniform(seats.seat_no, 0, 'no email') < 0.1 as has_blank_email,
    profiles.* exclude (account_no, overage_enabled, prefix),
    profiles.account_no,
    profiles.prefix,
    profiles.overage_enabled,
    plans.tier,
    plans.allowance,
    if(profiles.overage_enabled, 2 * plans.allowance, plans.allowance)::double as overage_cap,
    seats.behaviour,
    seats.joined_day_no,
    case
        when seats.behaviour = 'quitter'
            then seats.joined_day_no
                + greatest(3, floor(quit_draw * (getvariable('days') - seats.joined_day_no)))::int
    end as quit_day_no,
    case seats.behaviour
        when 'light' then 0.2 when 'heavy' then 0.92 when 'ramp' then 0.75 else 0.78
    end as weekday_probability,
    case seats.behaviour when 'heavy' then 0.35 else 0.07 end as weekend_probability,
    -- Credits on an active day, relative to a twentieth of the allowance.
    plans.allowance / 20.0
    * exp(0.7 * appetite_draw - case when seats.behaviour = 'heavy' then 0.1 else 0.8 end)
        as daily_credits,
    case
        when client_draw < 0.55 then 'KIRO_IDE' when client_draw < 0.85 then 'KIRO_CLI'
        else 'PLUGIN'
    end as main_client
from behaving as seats
inner join profiles
    on seats.account_no = profiles.account_no and seats.overage_enabled = profiles.overage_enabled
inner join plans
    on seats.tier_draw < plans.cumulative_share
qualify row_number() over (partition by seats.seat_no order by plans.cumulative_share) = 1;

-- Credits per seat so far this month, chosen so that some seats are blocked and some have overage.
create table month_to_date (seat_no bigint, credits double);
