-- One day's report rows: one row per seat and client, with up to three models.
create or replace temp table day_rows as

with

today as (
    select
        $day_no::int as day_no,
        $day::date as day,
        case
            when strftime($day::date, '%m-%d') in ('01-01', '05-01', '12-25', '12-26') then 0.1
            else 1
        end as holiday_factor,
        isodow($day::date) < 6 as is_weekday
),

models_today as (
    select
        row_number() over (order by first_date, model) - 1 as model_no,
        count(*) over () as model_count,
        models.*
    from models, today
    where day between first_date and last_date and model not in ('auto', 'simple_task')
),

active_seats as (
    select
        seats.*,
        -- A person's favorite model changes after about two months.
        floor(
            uniform(seat_no, (day_no + seat_no % 60) // 60, 'favourite')
            * (select any_value(model_count) from models_today)
        ) as favourite_no,
        uniform(seat_no, 0, 'routing') as routing_draw,
        -- Heavy tails: on one day in forty, credits are several times as high as usual.
        daily_credits
        * exp(0.7 * normal(seat_no, day_no, 'credits') - 0.25)
        * if(uniform(seat_no, day_no, 'burst') < 0.025, 4, 1)
        * case
            when behaviour = 'ramp'
                then 0.2 + 1.6 * (day_no - joined_day_no) / (getvariable('days') - joined_day_no)
            else 1
        end
        -- In the projects pattern, people change their pace every five weeks.
        * if(
            getvariable('family') = 'projects',
            exp(normal(seat_no, (day_no + seat_no % 35) // 35, 'project') - 0.5),
            1
        )
        -- In the crunch pattern, every other person works most at the end of the month.
        * if(
            getvariable('family') = 'crunch' and seat_no % 4 < 2,
            if(dayofmonth(day) > 20, 2.2, 0.5),
            1
        ) as wanted_credits
    from seats, today
    where
        behaviour <> 'story'
        -- In the projects pattern, people are sometimes away for two weeks.
        and not (
            getvariable('family') = 'projects'
            and uniform(seat_no, (day_no + seat_no % 14) // 14, 'away') < 0.12
        )
        and day_no >= joined_day_no
        and (quit_day_no is null or day_no < quit_day_no)
        and (
            day_no = joined_day_no
            or uniform(seat_no, day_no, 'active')
            < holiday_factor * if(is_weekday, weekday_probability, weekend_probability)
        )
),

-- Credits stop at the allowance if overage is off, or at the allowance plus the cap if it is on.
limited_seats as (
    select
        active_seats.*,
        coalesce(month_to_date.credits, 0) as credits_before,
        least(
            wanted_credits,
            allowance + if(overage_enabled, overage_cap, 0) - coalesce(month_to_date.credits, 0)
        ) as credits
    from active_seats
    left join month_to_date
        on active_seats.seat_no = month_to_date.seat_no
),

clients as (
    select *, main_client as client, if(second_draw < 0.25, 0.7, 1.0) as client_share
    from (select *, uniform(seat_no, $day_no, 'second client') as second_draw from limited_seats)
    where credits > 0.005
    union all by name
    select
        * exclude (second_draw),
        case
            when second_draw < 0.02 and $day::date >= date '2026-07-01' then 'KIRO_WEB'
            when main_client = 'KIRO_IDE' then 'KIRO_CLI'
            else 'KIRO_IDE'
        end as client,
        0.3 as client_share
    from (select *, uniform(seat_no, $day_no, 'second client') as second_draw from limited_seats)
    where credits > 0.005 and second_draw < 0.25
),

spending as (
    select
        clients.* exclude (credits),
        credits * client_share as credits,
        -- On any day, the first client's credits are used before the second client's.
        credits_before + if(client_share = 0.3, credits * 0.7, 0) as credits_before,
        favourite.model as favourite,
        favourite.multiplier,
        -- Inline completions use credits without a message.
        case
            when uniform(seat_no, $day_no, client || ' inline') < 0.02 then 0
            else greatest(1, round(credits * client_share / (0.45 * favourite.multiplier)))::int
        end as messages,
        -- Three kinds of people: only auto, mixed, only one named model.
        case when routing_draw < 0.4 then 1.0 when routing_draw < 0.8 then 0.5 else 0.0 end
            as auto_share
    from clients
    inner join models_today as favourite
        on clients.favourite_no = favourite.model_no
),

drawn_rows as (
    select
        *,
        round(messages * auto_share)::int as auto_messages,
        case
            when uniform(seat_no, $day_no, 'simple task') < 0.1 and $day::date <= date '2026-05-31'
                then (messages - round(messages * auto_share)::int) // 3
            else 0
        end as simple_task_messages
    from spending
),

story_rows as (
    select
        seats.*,
        story_days.tier as day_tier,
        story_days.credits,
        story_days.model,
        coalesce(month_to_date.credits, 0) as credits_before,
        (story_days.credits * 2)::int as messages
    from story_days
    inner join story_seats
        on
            story_days.story = story_seats.story
            and story_days.overage_enabled = story_seats.overage_enabled
    inner join seats
        on story_seats.seat_no = seats.seat_no
    left join month_to_date
        on seats.seat_no = month_to_date.seat_no
    where story_days.day_no = $day_no
),

all_rows as (
    select
        seat_no, user_id, email, has_blank_email, account_id, region, prefix, profile_id,
        overage_enabled, overage_cap, joined_day_no, client, tier, credits, credits_before,
        messages, auto_messages, simple_task_messages, favourite,
        messages - auto_messages - simple_task_messages as favourite_messages
    from drawn_rows
    union all
    select
        seat_no, user_id, email, has_blank_email, account_id, region, prefix, profile_id,
        overage_enabled, overage_cap, joined_day_no, main_client, day_tier, credits,
        credits_before, messages, if(model = 'auto', messages, 0), 0, nullif(model, 'auto'),
        if(model = 'auto', 0, messages)
    from story_rows
)

select
    all_rows.* exclude (has_blank_email, email),
    plans.allowance,
    if(overage_enabled, greatest(0, least(credits, credits_before + credits - plans.allowance)), 0)
        as overage_credits,
    case
        when has_blank_email then ''
        when email = 'changing.email.address@example.com' and $day_no < getvariable('days') // 2
            then 'zz.old.name@example.com'
        when email = 'changing.email.address@example.com' then 'New.Name@Example.com'
        else email
    end as email,
    joined_day_no = $day_no as is_new
from all_rows
inner join plans
    on all_rows.tier = plans.tier;
