-- For days and months that the last build changed: daily usage is the sum of the report rows,
-- messages by model add up to all messages, and days add up to the months in overage_monthly. Sums
-- that exclude seats are not compared.
{% set measures = {
    'conversations': 'conversations',
    'messages': 'messages',
    'credits_used': 'credits',
    'overage_credits_used': 'overage_credits',
} %}

with

activities as (
    select * from {{ ref('int_activities_with_plan') }}
    where {{ in_changed_days() }}
),

usage_days as (
    select * from {{ ref('usage_daily') }}
    where {{ in_changed_days() }}
),

seat_usage_days as (
    select
        *,
        {{ month_start('activity_date') }} as usage_month
    from {{ ref('seat_usage_daily') }}
),

windows as (
    select {{ add_days('as_of_date', 1 - var('seat_usage_days')) }} as first_date
    from {{ ref('int_as_of_date') }}
),

row_groups as (
    select
        activity_date,
        account_id,
        client_type,
        coalesce(subscription_tier, '(unknown)') as subscription_tier,
        {%- for measure in measures %}
            sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        count(distinct user_id) as named_users
    from activities
    group by
        activity_date,
        account_id,
        client_type,
        coalesce(subscription_tier, '(unknown)')
),

mix_groups as (
    select
        activity_date,
        account_id,
        client_type,
        subscription_tier,
        sum(messages) as messages
    from {{ ref('model_mix_daily') }}
    where {{ in_changed_days() }}
    group by
        activity_date,
        account_id,
        client_type,
        subscription_tier
),

row_days as (
    select
        activities.activity_date,
        {%- for measure in measures %}
            sum(activities.{{ measure }}) as {{ measure }},
            count(*) - count(activities.{{ measure }}) as blank_{{ measure }},
        {%- endfor %}
        count(distinct activities.account_id || activities.profile_id || activities.user_id)
            as seats
    from activities
    inner join windows
        on activities.activity_date >= windows.first_date
    group by activities.activity_date
),

seat_days as (
    select
        activity_date,
        {%- for measure in measures %}
            sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        count(*) as seats
    from seat_usage_days
    where {{ in_changed_days() }}
    group by activity_date
),

-- A running total never decreases, and is unknown from the first day with unknown credits on.
seat_months as (
    select
        seat_usage_days.account_id,
        seat_usage_days.profile_id,
        seat_usage_days.user_id,
        seat_usage_days.usage_month,
        case
            when count(seat_usage_days.credits_used_month_to_date) = count(*)
                then max(seat_usage_days.credits_used_month_to_date)
        end as credits_used,
        case
            when
                count(seat_usage_days.overage_credits_used) = count(*)
                and max(windows.first_date) <= seat_usage_days.usage_month
                then sum(seat_usage_days.overage_credits_used)
        end as overage_credits_used
    from seat_usage_days
    cross join windows
    where
        {{ in_changed_days(
            period='seat_usage_days.usage_month', changed=month_start('changed.activity_date')
        ) }}
    group by
        seat_usage_days.account_id,
        seat_usage_days.profile_id,
        seat_usage_days.user_id,
        seat_usage_days.usage_month
)

select
    'usage_daily differs from the sum of its report rows' as finding,
    coalesce(row_groups.activity_date, usage_days.activity_date) as period_date
from row_groups
full outer join usage_days
    on
        row_groups.activity_date = usage_days.activity_date
        and row_groups.account_id = usage_days.account_id
        and row_groups.client_type = usage_days.client_type
        and row_groups.subscription_tier = usage_days.subscription_tier
where
    row_groups.activity_date is null
    or usage_days.activity_date is null
    or row_groups.named_users < usage_days.users
    {%- for measure, unknown in measures.items() %}
        or (
            usage_days.seats_with_unknown_{{ unknown }} = 0
            and row_groups.{{ measure }} <> usage_days.{{ measure }}
        )
        or (usage_days.seats_with_unknown_{{ unknown }} = 0 and usage_days.{{ measure }} is null)
    {%- endfor %}
union all
select
    'messages differ between usage_daily and model_mix_daily' as finding,
    coalesce(mix_groups.activity_date, usage_days.activity_date) as period_date
from mix_groups
full outer join usage_days
    on
        mix_groups.activity_date = usage_days.activity_date
        and mix_groups.account_id = usage_days.account_id
        and mix_groups.client_type = usage_days.client_type
        and mix_groups.subscription_tier = usage_days.subscription_tier
where
    usage_days.activity_date is null
    or (
        usage_days.seats_with_unknown_messages = 0
        and usage_days.messages <> coalesce(mix_groups.messages, 0)
    )
union all
select
    'seat_usage_daily differs from the sum of its report rows' as finding,
    coalesce(row_days.activity_date, seat_days.activity_date) as period_date
from row_days
full outer join seat_days
    on row_days.activity_date = seat_days.activity_date
where
    row_days.activity_date is null
    or seat_days.activity_date is null
    or row_days.seats <> seat_days.seats
    {%- for measure in measures %}
        or (row_days.blank_{{ measure }} = 0 and row_days.{{ measure }} <> seat_days.{{ measure }})
        or (row_days.blank_{{ measure }} = 0 and seat_days.{{ measure }} is null)
    {%- endfor %}
union all
select
    'months differ between seat_usage_daily and overage_monthly' as finding,
    seat_months.usage_month as period_date
from seat_months
left join {{ ref('overage_monthly') }} as months
    on
        {{ same_seat('seat_months', 'months') }}
        and seat_months.usage_month = months.usage_month
where
    months.usage_month is null
    or seat_months.credits_used <> months.credits_used
    or seat_months.overage_credits_used <> months.overage_credits_used
