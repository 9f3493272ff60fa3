{{ config(materialized='view') }}

with

plans as (
    select * from {{ ref('int_billed_plans_counted') }}
),

observed_seats as (
    select * from {{ ref('int_seats_summarized') }}
),

seat_months as (
    select * from {{ ref('int_seat_months_aggregated') }}
),

-- A blank profile does not count as a second one.
counted_profiles as (
    select
        account_id,
        profile_id,
        user_id,
        last_active_date,
        count(nullif(profile_id, '(unknown)')) over (
            partition by account_id, user_id
        ) as named_profiles
    from observed_seats
),

profiles as (
    select
        *,
        count(*) over (partition by account_id, user_id) as profiles
    from counted_profiles
    where
        profile_id <> '(unknown)'
        or named_profiles = 0
),

-- For people with several profiles: the reports of each profile through the month.
histories as (
    select
        plans.account_id,
        plans.user_id,
        plans.usage_month,
        plans.subscription_tier,
        profiles.profile_id,
        max(
            case
                when seat_months.subscription_tier = plans.subscription_tier
                    then seat_months.usage_month
            end
        ) as last_plan_month,
        max(seat_months.last_active_date) as last_active_date
    from plans
    inner join profiles
        on
            plans.account_id = profiles.account_id
            and plans.user_id = profiles.user_id
    inner join seat_months
        on
            {{ same_seat('profiles', 'seat_months') }}
            and plans.usage_month >= seat_months.usage_month
    where profiles.profiles > 1
    group by
        plans.account_id,
        plans.user_id,
        plans.usage_month,
        plans.subscription_tier,
        profiles.profile_id
),

candidates as (
    select
        plans.account_id,
        plans.user_id,
        plans.usage_month,
        plans.subscription_tier,
        plans.is_subscribed,
        plans.seats,
        plans.share,
        plans.monthly_allowance_credits,
        profiles.profile_id,
        profiles.profiles,
        histories.last_plan_month,
        histories.last_active_date as last_active_to_date,
        profiles.last_active_date
    from plans
    left join profiles
        on
            plans.account_id = profiles.account_id
            and plans.user_id = profiles.user_id
    left join histories
        on
            plans.account_id = histories.account_id
            and plans.user_id = histories.user_id
            and plans.usage_month = histories.usage_month
            and coalesce(plans.subscription_tier, '') = coalesce(histories.subscription_tier, '')
            and profiles.profile_id = histories.profile_id
),

subscribed as (
    select
        *,
        row_number() over (
            partition by account_id, user_id, usage_month, subscription_tier
            order by profile_id
        ) as profile_no
    from candidates
    where is_subscribed
),

-- Plans that together cover no more than a month are one seat that changed its plan, unless two
-- profiles report them.
people as (
    select
        account_id,
        user_id,
        usage_month,
        sum(case when profile_no = 1 then share else 0 end) <= 1.05
        and max(seats) = 1
        and (
            count(distinct case when last_plan_month = usage_month then profile_id end) < 2
            or count(
                distinct case when last_plan_month = usage_month then subscription_tier end
            ) < 2
        ) as is_one_seat
    from subscribed
    group by
        account_id,
        user_id,
        usage_month
)

-- The profile with the latest report of the plan, otherwise the one used last.
select
    -- ids
    candidates.account_id,
    candidates.profile_id,
    candidates.user_id,

    -- text
    candidates.subscription_tier,

    -- numbers
    candidates.seats,
    candidates.profiles,
    candidates.monthly_allowance_credits,
    row_number() over (
        partition by
            candidates.account_id,
            candidates.user_id,
            candidates.usage_month,
            candidates.subscription_tier
        order by
            candidates.last_plan_month desc nulls last,
            candidates.last_active_to_date desc nulls last,
            candidates.last_active_date desc nulls last,
            candidates.profile_id asc
    ) as place,

    -- booleans
    candidates.is_subscribed,
    coalesce(people.is_one_seat, true) as is_one_seat,

    -- dates
    candidates.usage_month,
    candidates.last_plan_month,
    candidates.last_active_date
from candidates
left join people
    on
        candidates.account_id = people.account_id
        and candidates.user_id = people.user_id
        and candidates.usage_month = people.usage_month
