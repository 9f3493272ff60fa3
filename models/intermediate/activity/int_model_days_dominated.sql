{{ config(
    materialized='incremental',
    partition_by=['usage_month'] if target.type == 'spark' else none,
    pre_hook=["{{ delete_outdated('activity_date') }}", "{{ set_days_to_make() }}"],
    post_hook="{{ make_further_days() }}",
) }}

{#- Share of a day's messages above which all of the day's credits are attributed to one model. -#}
{%- set dominant_share = 0.95 -%}

with

activities as (
    select * from {{ ref('int_activities_with_plan') }}
    where {{ is_day_to_make() }}
),

model_messages as (
    select * from {{ ref('int_model_messages_attributed') }}
    where
        {{ is_day_to_make() }}
        and model <> '(unattributed)'
),

client_days as (
    select
        account_id,
        profile_id,
        user_id,
        client_type,
        version,
        activity_date,
        sum(credits_used) as credits_used,
        sum(messages) as messages
    from activities
    group by
        account_id,
        profile_id,
        user_id,
        client_type,
        version,
        activity_date
    having
        count(credits_used) = count(*)
        and sum(messages) > 0
),

model_days as (
    select
        account_id,
        profile_id,
        user_id,
        client_type,
        model,
        activity_date,
        sum(messages) as model_messages
    from model_messages
    group by
        account_id,
        profile_id,
        user_id,
        client_type,
        model,
        activity_date
)

select
    -- ids
    model_days.account_id,
    model_days.profile_id,
    model_days.user_id,

    -- text
    model_days.client_type,
    model_days.model,
    client_days.version,

    -- numbers
    cast(client_days.credits_used as decimal(18, 6)) as credits_used,
    cast(client_days.messages as bigint) as messages,

    -- dates
    model_days.activity_date,
    {{ month_start('model_days.activity_date') }} as usage_month
from model_days
inner join client_days
    on
        {{ same_seat('model_days', 'client_days') }}
        and model_days.client_type = client_days.client_type
        and model_days.activity_date = client_days.activity_date
where model_days.model_messages >= {{ dominant_share }} * client_days.messages
