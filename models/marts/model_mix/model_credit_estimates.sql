{#- Days looked at, share of a day's messages that one model must have, and how many such user-days
    and users an estimate takes. -#}
{%- set window_days = 91 -%}
{%- set dominant_share = 0.95 -%}
{%- set minimum_days = 30 -%}
{%- set minimum_users = 5 -%}

with

activities as (
    select * from {{ ref('int_activities_priced') }}
),

model_messages as (
    select * from {{ ref('int_model_messages_attributed') }}
),

model_catalog as (
    select * from {{ ref('model_catalog') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

client_days as (
    select
        activities.account_id,
        activities.profile_id,
        activities.user_id,
        activities.client_type,
        activities.activity_date,
        sum(activities.credits_used) as credits_used,
        sum(activities.messages) as messages
    from activities
    cross join as_of
    where activities.activity_date > {{ add_days('as_of.as_of_date', -window_days) }}
    group by
        activities.account_id,
        activities.profile_id,
        activities.user_id,
        activities.client_type,
        activities.activity_date
    having
        count(activities.credits_used) = count(*)
        and sum(activities.messages) > 0
),

model_days as (
    select
        model_messages.account_id,
        model_messages.profile_id,
        model_messages.user_id,
        model_messages.client_type,
        model_messages.model,
        model_messages.activity_date,
        sum(model_messages.messages) as model_messages
    from model_messages
    cross join as_of
    where
        model_messages.activity_date > {{ add_days('as_of.as_of_date', -window_days) }}
        and model_messages.model <> '(unattributed)'
    group by
        model_messages.account_id,
        model_messages.profile_id,
        model_messages.user_id,
        model_messages.client_type,
        model_messages.model,
        model_messages.activity_date
),

-- The credits of a day can be put down to a model that answered nearly all of its messages.
dominated_days as (
    select
        model_days.user_id,
        model_days.client_type,
        model_days.model,
        client_days.credits_used,
        client_days.messages
    from model_days
    inner join client_days
        on
            {{ same_seat('model_days', 'client_days') }}
            and model_days.client_type = client_days.client_type
            and model_days.activity_date = client_days.activity_date
    where model_days.model_messages >= {{ dominant_share }} * client_days.messages
),

scoped_days as (
    select * from dominated_days
    union all
    select
        user_id,
        '(all)' as client_type,
        model,
        credits_used,
        messages
    from dominated_days
),

users as (
    select
        model,
        client_type,
        user_id,
        count(*) as user_days,
        sum(messages) as messages,
        cast(sum(credits_used) as double) as credits_used
    from scoped_days
    group by
        model,
        client_type,
        user_id
),

-- Every user counts once: a robot with half of all messages tells no more than anybody else.
means as (
    select
        model,
        client_type,
        count(*) as users,
        sum(user_days) as user_days,
        sum(messages) as messages,
        avg(credits_used / messages) as credits_per_message,
        stddev_samp(credits_used / messages) / sqrt(count(*)) as standard_error
    from users
    group by
        model,
        client_type
),

estimated as (
    select
        model,
        client_type,
        users,
        user_days,
        messages,
        case
            when users >= {{ minimum_users }} and user_days >= {{ minimum_days }}
                then credits_per_message
        end as credits_per_message,
        1.645 * standard_error as margin
    from means
)

select
    -- text
    estimated.model,
    estimated.client_type,

    -- numbers
    cast(estimated.users as bigint) as users,
    cast(estimated.user_days as bigint) as user_days,
    cast(estimated.messages as bigint) as messages,
    round(estimated.credits_per_message, 6) as credits_per_message,
    case
        when estimated.credits_per_message is not null
            then round(greatest(estimated.credits_per_message - estimated.margin, 0), 6)
    end as credits_per_message_p5,
    round(estimated.credits_per_message + estimated.margin, 6) as credits_per_message_p95,
    round(estimated.credits_per_message / nullif(auto.credits_per_message, 0), 6)
        as credits_relative_to_auto,
    cast(model_catalog.credit_multiplier as double) as credit_multiplier,

    -- dates
    {{ add_days('as_of.as_of_date', 1 - window_days) }} as window_start_date,
    as_of.as_of_date
from estimated
cross join as_of
left join estimated as auto
    on
        estimated.client_type = auto.client_type
        and auto.model = 'auto'
left join model_catalog
    on estimated.model = model_catalog.model
