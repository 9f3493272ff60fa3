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

-- What the reports up to the month say about each profile of users with several.
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

-- Plans that together cover at most a month are one seat that changed its plan, unless two profiles
-- report them.
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
),

-- The profile whose reports named the plan last, else the one used last.
ranked as (
    select
        candidates.*,
        coalesce(people.is_one_seat, true) as is_one_seat,
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
        ) as place
    from candidates
    left join people
        on
            candidates.account_id = people.account_id
            and candidates.user_id = people.user_id
            and candidates.usage_month = people.usage_month
),

-- The highest plan of a seat determines the profile of all its plans.
first_choices as (
    select
        *,
        row_number() over (
            partition by account_id, user_id, usage_month, profile_id
            order by
                last_plan_month desc nulls last,
                monthly_allowance_credits desc nulls last,
                subscription_tier asc
        ) as claim,
        row_number() over (
            partition by account_id, user_id, usage_month
            order by
                place asc,
                last_plan_month desc nulls last,
                monthly_allowance_credits desc nulls last,
                subscription_tier asc
        ) as choice
    from ranked
    where
        is_subscribed
        and place <= greatest(1, least(coalesce(profiles, 1), seats))
),

-- Two plans in one profile are two seats: the second gets a profile without a plan.
second_choices as (
    select
        account_id,
        user_id,
        usage_month,
        subscription_tier,
        row_number() over (
            partition by account_id, user_id, usage_month
            order by monthly_allowance_credits desc nulls last, subscription_tier asc
        ) as place
    from first_choices
    where
        not is_one_seat
        and claim > 1
),

claimed as (
    select * from first_choices
    where claim = 1
),

unclaimed as (
    select
        profiles.account_id,
        profiles.profile_id,
        profiles.user_id,
        second_choices.usage_month,
        row_number() over (
            partition by profiles.account_id, profiles.user_id, second_choices.usage_month
            order by profiles.last_active_date desc nulls last, profiles.profile_id asc
        ) as place
    from profiles
    inner join second_choices
        on
            profiles.account_id = second_choices.account_id
            and profiles.user_id = second_choices.user_id
            and second_choices.place = 1
    left join claimed
        on
            {{ same_seat('profiles', 'claimed') }}
            and second_choices.usage_month = claimed.usage_month
    where claimed.user_id is null
),

placed as (
    select
        account_id,
        user_id,
        usage_month,
        subscription_tier,
        profile_id
    from claimed
    where not is_one_seat
    union all
    select
        second_choices.account_id,
        second_choices.user_id,
        second_choices.usage_month,
        second_choices.subscription_tier,
        unclaimed.profile_id
    from second_choices
    left join unclaimed
        on
            second_choices.account_id = unclaimed.account_id
            and second_choices.user_id = unclaimed.user_id
            and second_choices.usage_month = unclaimed.usage_month
            and second_choices.place = unclaimed.place
    union all
    select
        plans.account_id,
        plans.user_id,
        plans.usage_month,
        plans.subscription_tier,
        first_choices.profile_id
    from first_choices
    inner join plans
        on
            first_choices.account_id = plans.account_id
            and first_choices.user_id = plans.user_id
            and first_choices.usage_month = plans.usage_month
            and plans.is_subscribed
    where
        first_choices.is_one_seat
        and first_choices.choice = 1
    union all
    -- Overage, and other charges without a plan.
    select
        account_id,
        user_id,
        usage_month,
        subscription_tier,
        profile_id
    from ranked
    where
        not is_subscribed
        and place = 1
)

select
    -- ids
    account_id,
    coalesce(profile_id, '(not reported)') as profile_id,
    user_id,

    -- text
    subscription_tier,

    -- numbers
    -- Spark keeps ten decimals of a cost only if it is multiplied by a small integer.
    cast(
        count(*) over (
            partition by account_id, user_id, usage_month, subscription_tier
        ) as integer
    ) as seats,
    row_number() over (
        partition by account_id, user_id, usage_month, subscription_tier
        order by profile_id
    ) as seat_no,

    -- dates
    usage_month
from placed
