-- Known stories with their own seats, which tests look for.
-- Days are numbered from the first report day; `last` is the last day.

create table story_days as
with calendar as (
    select
        day_no::int as day_no,
        getvariable('first_date') + day_no::int as day,
        isodow(getvariable('first_date') + day_no::int) < 6 as is_weekday,
        getvariable('days') - 1 - day_no as days_before_last,
        date_trunc('month', getvariable('first_date') + day_no::int)
        = date_trunc('month', getvariable('first_date') + getvariable('days')::int - 1)
            as is_last_month
    from range(getvariable('days')) as calendar (day_no)
),

last_month as (
    select
        *,
        dayofmonth(day) as month_day
    from calendar
    where is_last_month
)

select 'idle' as story, 'PRO' as tier, false as overage_enabled, day_no, 12.5 as credits, 'auto' as model
from calendar where days_before_last >= 20 and (is_weekday or days_before_last = 20)
union all
select 'never used again', 'PRO', false, day_no, 8.25, 'auto'
from calendar where days_before_last >= 45 and (is_weekday or days_before_last = 45)
union all
select 'stale', 'PRO_PLUS', true, day_no, 3.5, 'auto'
from calendar where days_before_last >= 100 and days_before_last < 130
union all
select 'blocked at the allowance', 'PRO', false, day_no, 250, 'auto'
from last_month where month_day <= 4
union all
select 'breaching in mid-month', 'PRO', true, day_no, 100, 'auto'
from last_month where month_day <= 15
union all
select 'tier changed in mid-month', if(month_day < 8, 'PRO', 'PRO_PLUS'), false, day_no, 50, 'auto'
from last_month
union all
select 'same user in two profiles', 'PRO', false, day_no, 5, 'auto'
from calendar where is_weekday or days_before_last = 0
union all
select 'same user in two profiles', 'PRO_PLUS', true, day_no, 7, 'auto'
from calendar where is_weekday or days_before_last = 0
union all
select 'moving from one model to another', 'PRO_MAX', true, day_no, 20, if(is_last_month, 'claude_haiku_4.5', 'auto')
from calendar where days_before_last < 75
union all
select 'changing email address', 'PRO', false, day_no, 6, 'auto'
from calendar
union all
select 'paying for more than used', 'PRO_MAX', false, day_no, 30, 'auto'
from calendar where is_weekday
union all
select 'overage every month', 'PRO', true, day_no, 125, 'auto'
from calendar where is_weekday;

-- Story seats come after the random seats, in the first account; one user has two profiles.
create table story_seats as
with distinct_seats as (
    select story, overage_enabled, max(tier) as tier
    from story_days
    group by all
)

select
    getvariable('users') + row_number() over (order by story, seats.overage_enabled) - 1 as seat_no,
    story,
    seats.tier,
    md5(getvariable('seed') || ' story ' || story) as digest,
    profiles.*
from distinct_seats as seats
inner join profiles
    on seats.overage_enabled = profiles.overage_enabled and profiles.account_no = 0;

insert into seats by name
select
    story_seats.* exclude (story, digest),
    user_id_of(digest) as user_id,
    replace(replace(story, ' ', '.'), '-', '') || '@example.com' as email,
    false as has_blank_email,
    plans.allowance,
    if(overage_enabled, 2 * plans.allowance, plans.allowance)::double as overage_cap,
    'story' as behaviour,
    -1 as joined_day_no,
    'KIRO_IDE' as main_client
from story_seats
inner join plans
    on story_seats.tier = plans.tier;
