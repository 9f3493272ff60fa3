with

ranked as (
    select * from {{ ref('int_billed_plans_ranked') }}
),

-- A seat's highest plan determines the profile of all its plans.
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
        ranked.account_id,
        ranked.profile_id,
        ranked.user_id,
        ranked.usage_month,
        row_number() over (
            partition by ranked.account_id, ranked.user_id, ranked.usage_month
            order by ranked.last_active_date desc nulls last, ranked.profile_id asc
        ) as place
    from ranked
    inner join second_choices
        on
            ranked.account_id = second_choices.account_id
            and ranked.user_id = second_choices.user_id
            and ranked.usage_month = second_choices.usage_month
            and coalesce(ranked.subscription_tier, '')
            = coalesce(second_choices.subscription_tier, '')
            and second_choices.place = 1
    left join claimed
        on
            {{ same_seat('ranked', 'claimed') }}
            and ranked.usage_month = claimed.usage_month
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
        ranked.account_id,
        ranked.user_id,
        ranked.usage_month,
        ranked.subscription_tier,
        first_choices.profile_id
    from first_choices
    inner join ranked
        on
            first_choices.account_id = ranked.account_id
            and first_choices.user_id = ranked.user_id
            and first_choices.usage_month = ranked.usage_month
            and ranked.is_subscribed
            and ranked.place = 1
    where
        first_choices.is_one_seat
        and first_choices.choice = 1
    union all
    -- Overage and other charges without a plan.
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
    -- Spark keeps a cost's ten decimal places only if the cost is multiplied by a small integer.
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
