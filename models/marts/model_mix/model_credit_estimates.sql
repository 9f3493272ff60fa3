{#- Days looked at, and how many user-days of one model and users an estimate takes. -#}
{%- set window_days = 91 -%}
{%- set minimum_days = 30 -%}
{%- set minimum_users = 5 -%}

with

dominated_days as (
    select days.*
    from {{ ref('int_model_days_dominated') }} as days
    cross join {{ ref('int_as_of_date') }} as as_of
    where days.activity_date > {{ add_days('as_of.as_of_date', -window_days) }}
),

model_catalog as (
    select * from {{ ref('stg_plans__model_catalog') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

scoped_days as (
    select
        user_id,
        client_type,
        model,
        credits_used,
        messages
    from dominated_days
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
    cast(model_catalog.credit_multiplier_high as double) as credit_multiplier_high,

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
    on {{ model_holds('estimated.model', 'as_of.as_of_date') }}
