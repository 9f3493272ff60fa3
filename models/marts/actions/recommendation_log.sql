{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false,
    partition_by=['advised_date'] if target.type == 'spark' else none,
    pre_hook="{{ delete_advice_of_the_day() }}",
) }}

with

actions as (
    select * from {{ ref('recommended_actions') }}
)

select
    -- ids
    actions.account_id,
    actions.profile_id,
    actions.user_id,

    -- text
    actions.action,
    actions.subscription_tier,
    actions.recommended_tier,

    -- numbers
    actions.monthly_savings_usd,
    actions.monthly_cost_usd,

    -- dates
    actions.as_of_date as advised_date,
    {{ month_start('actions.as_of_date') }} as advised_month
from actions
{%- if is_incremental() %}
left join {{ this }} as logged
    on
        {{ same_seat('actions', 'logged') }}
        and actions.action = logged.action
        and coalesce(actions.recommended_tier, '') = coalesce(logged.recommended_tier, '')
        and {{ month_start('actions.as_of_date') }} = logged.advised_month
where logged.action is null
{%- endif %}
