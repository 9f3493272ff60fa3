with

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- Only one week, because searching all of history would slow down every build.
activities as (
    select activities.*
    from {{ ref('int_activities_with_plan') }} as activities
    cross join as_of
    where activities.activity_date > {{ add_days('as_of.as_of_date', -7) }}
),

seat_months as (
    select * from {{ ref('int_seat_months_aggregated') }}
),

model_days as (
    select * from {{ ref('int_model_days_counted') }}
    where model <> '(unattributed)'
),

model_catalog as (
    select distinct model from {{ ref('stg_plans__model_catalog') }}
),

seats as (
    select * from {{ ref('int_seat_states') }}
),

users_of_days as (
    select
        account_id,
        activity_date,
        user_id,
        count(*) as row_count
    from activities
    group by
        account_id,
        activity_date,
        user_id,
        profile_id,
        client_type
),

-- The administrator set a different limit, or the seed has a different allowance for the plan.
limited_seats as (
    select
        account_id,
        user_id,
        max(usage_limit) as usage_limit,
        max(plan_allowance_credits) as plan_allowance_credits,
        max(activity_date) as activity_date
    from activities
    where usage_limit <> plan_allowance_credits
    group by
        account_id,
        profile_id,
        user_id,
        subscription_tier
),

found as (
    select
        'client_type_is_unknown' as finding,
        'information' as severity,
        account_id,
        client_type as example,
        activity_date
    from activities
    where client_type not in {{ known_client_types() }}
    union all
    select
        'name_is_reserved' as finding,
        'information' as severity,
        account_id,
        {{ reserved_name(
            ['subscription_tier', 'client_type', 'profile_id', 'user_id']
        ) }} as example,
        activity_date
    from activities
    where
        {{ reserved_name(
            ['subscription_tier', 'client_type', 'profile_id', 'user_id']
        ) }} is not null
    union all
    select
        'name_is_reserved' as finding,
        'information' as severity,
        account_id,
        model as example,
        activity_date
    from model_days
    where {{ reserved_name(['model']) }} is not null
    union all
    select
        'subscription_tier_has_no_plan' as finding,
        'warning' as severity,
        account_id,
        coalesce(subscription_tier, '(none)') as example,
        activity_date
    from activities
    where plan_allowance_credits is null
    union all
    select
        'usage_limit_differs_from_plan' as finding,
        'information' as severity,
        account_id,
        {{ in_words('usage_limit') }} || ' instead of '
        || {{ in_words('plan_allowance_credits') }} || ' credits: ' || user_id as example,
        activity_date
    from limited_seats
    union all
    select
        'profile_is_unknown' as finding,
        'information' as severity,
        account_id,
        user_id as example,
        activity_date
    from activities
    where profile_id = '(unknown)'
    union all
    select
        'profile_is_assumed' as finding,
        'information' as severity,
        account_id,
        user_id as example,
        activity_date
    from activities
    where is_profile_assumed
    union all
    select
        'model_columns_do_not_add_up' as finding,
        'information' as severity,
        account_id,
        attributed_messages || ' of ' || messages || ' messages of ' || user_id as example,
        activity_date
    from activities
    where
        attributed_messages > 0
        and messages <> attributed_messages
    union all
    select
        'overage_exceeds_credits' as finding,
        'warning' as severity,
        account_id,
        user_id as example,
        activity_date
    from activities
    where overage_credits_used > credits_used
    union all
    select
        'credits_are_blank' as finding,
        'warning' as severity,
        account_id,
        user_id || ' on ' || first_unknown_credits_date as example,
        usage_month as activity_date
    from seat_months
    where credits_used is null
    union all
    select
        'user_has_two_rows_a_day' as finding,
        'information' as severity,
        account_id,
        user_id as example,
        activity_date
    from users_of_days
    where row_count > 1
    union all
    select
        'model_is_not_in_the_catalog' as finding,
        'information' as severity,
        model_days.account_id,
        model_days.model as example,
        model_days.activity_date
    from model_days
    left join model_catalog
        on model_days.model = model_catalog.model
    where model_catalog.model is null
    union all
    select
        'allowance_is_unknown' as finding,
        'warning' as severity,
        account_id,
        user_id as example,
        as_of_date as activity_date
    from seats
    where
        monthly_allowance is null
        and seat_state not in ('pending', 'cancelled')
)

{{ findings_by_month(
    'found', source="'reports'", affected='count(*)', usage_month=month_start('activity_date')
) }}
