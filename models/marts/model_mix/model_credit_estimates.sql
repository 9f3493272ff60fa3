{#- Days in the window, and the minimum single-model user-days and users for an estimate. -#}
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
        activity_date,
        credits_used,
        messages
    from dominated_days
    union all
    select
        user_id,
        '(all)' as client_type,
        model,
        activity_date,
        credits_used,
        messages
    from dominated_days
),

-- A person's day counts once, across all profiles and clients.
user_days as (
    select
        model,
        client_type,
        user_id,
        activity_date,
        sum(messages) as messages,
        sum(credits_used) as credits_used,
        cast(sum(credits_used) as double) / sum(messages) as day_credits_per_message
    from scoped_days
    group by
        model,
        client_type,
        user_id,
        activity_date
),

-- Days with the same value are interchangeable.
ranked as (
    select
        *,
        row_number() over (
            partition by model, client_type
            order by day_credits_per_message
        ) as day_no,
        count(*) over (partition by model, client_type) as user_day_count
    from user_days
),

-- Quartiles between two days are interpolated.
pooled as (
    select
        model,
        client_type,
        count(distinct user_id) as users,
        count(*) as user_days,
        sum(messages) as messages,
        cast(sum(credits_used) as double) / sum(messages) as credits_per_message,
        {%- for percentile in [25, 75] %}
            sum(
                day_credits_per_message * greatest(
                    1 - abs(day_no - 1 - {{ percentile / 100 }} * (user_day_count - 1)), 0
                )
            ) as credits_per_message_p{{ percentile }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from ranked
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
        {%- for estimate in [
            'credits_per_message', 'credits_per_message_p25', 'credits_per_message_p75'
        ] %}
            case
                when users >= {{ minimum_users }} and user_days >= {{ minimum_days }}
                    then {{ estimate }}
            end as {{ estimate }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from pooled
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
    round(estimated.credits_per_message_p25, 6) as credits_per_message_p25,
    round(estimated.credits_per_message_p75, 6) as credits_per_message_p75,
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
