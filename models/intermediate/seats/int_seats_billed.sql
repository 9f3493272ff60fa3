with

charges as (
    select * from {{ ref('int_charges_classified') }}
),

observed_seats as (
    select * from {{ ref('int_seats_summarized') }}
),

observed_months as (
    select * from {{ ref('int_seat_months_aggregated') }}
),

plan_prices as (
    select * from {{ ref('stg_plans__plan_prices') }}
),

-- A month's charges of a user, by plan; those without a plan (overage) follow the plan's.
billed as (
    select
        account_id,
        coalesce(user_id, '(unassigned)') as user_id,
        usage_month,
        subscription_tier,
        cast(sum(case when charge_kind = 'subscription' then usage_amount end) as decimal(28, 10))
            as subscription_amount,
        cast(
            sum(case when charge_kind in ('consumption', 'overage') then usage_amount end)
            as decimal(28, 10)
        ) as billed_credits,
        cast(sum(case when charge_kind = 'overage' then usage_amount end) as decimal(28, 10))
            as overage_credits,
        {%- for kind in cost_kinds() %}
            count(case when cost_kind = '{{ kind }}' then 1 end) as {{ kind }}_charges,
            cast(
                sum(case when cost_kind = '{{ kind }}' then cost_usd end) as decimal(28, 10)
            ) as {{ kind }}_cost_usd,
        {%- endfor %}
        -- A charge whose amount or cost is unknown is one all the same.
        coalesce(sum(case when charge_kind = 'subscription' then usage_amount end), 0) > 0
        or coalesce(sum(case when charge_kind = 'subscription' then cost_usd end), 0) > 0
        or count(
            case
                when charge_kind = 'subscription' and (usage_amount is null or cost_usd is null)
                    then 1
            end
        ) > 0 as is_subscribed,
        bool_or(cost_usd is null) as is_unpriced,
        min(case when charge_kind = 'subscription' then usage_date end) as first_billed_date,
        min(case when charge_kind in ('consumption', 'overage') then usage_date end)
            as first_consumption_date
    from charges
    group by
        account_id,
        coalesce(user_id, '(unassigned)'),
        usage_month,
        subscription_tier
),

-- The bill names no profile: the one that reports the plan in the month, else the last one used.
-- One profile bills a user once, so that two of a plan are seats in two profiles.
placed as (
    select
        billed.*,
        observed_seats.profile_id,
        count(nullif(observed_seats.profile_id, '(unknown)')) over (
            partition by
                billed.account_id,
                billed.user_id,
                billed.usage_month,
                billed.subscription_tier
        ) as profiles,
        row_number() over (
            partition by
                billed.account_id,
                billed.user_id,
                billed.usage_month,
                billed.subscription_tier
            order by
                case
                    when observed_months.subscription_tier = billed.subscription_tier then 0
                    else 1
                end,
                case when observed_seats.profile_id = '(unknown)' then 1 else 0 end,
                observed_months.last_active_date desc nulls last,
                observed_seats.last_active_date desc nulls last,
                observed_seats.profile_id asc
        ) as place
    from billed
    left join observed_seats
        on
            billed.account_id = observed_seats.account_id
            and billed.user_id = observed_seats.user_id
    left join observed_months
        on
            {{ same_seat('observed_seats', 'observed_months') }}
            and billed.usage_month = observed_months.usage_month
),

counted as (
    select
        *,
        cast(
            greatest(
                1, least(profiles, coalesce({{ seats_of_amount('subscription_amount') }}, 1))
            ) as integer
        ) as seats
    from placed
),

-- The first seat takes what even parts leave, so that they add up to the bill.
shared as (
    select
        counted.*,
        plan_prices.monthly_allowance_credits,
        {%- for amount in ['subscription_amount', 'subscription_cost_usd'] %}
            {%- set even = 'cast(counted.' ~ amount ~ ' as double) / counted.seats' %}
            {%- set part = 'cast(' ~ rounded(even, 10) ~ ' as decimal(20, 10))' %}
            case
                when counted.place > 1 then {{ part }}
                else counted.{{ amount }} - (counted.seats - 1) * {{ part }}
            end as seat_{{ amount }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from counted
    left join plan_prices
        on {{ plan_holds('counted.subscription_tier', 'counted.usage_month') }}
    where counted.place <= counted.seats
)

select
    -- ids
    account_id,
    coalesce(profile_id, '(not reported)') as profile_id,
    user_id,

    -- text
    {{ highest_tier('monthly_allowance_credits') }} as subscription_tier,

    -- numbers
    cast(sum(seat_subscription_amount) as decimal(28, 10)) as subscription_amount,
    cast(sum(billed_credits) as decimal(28, 10)) as billed_credits,
    cast(sum(overage_credits) as decimal(28, 10)) as overage_credits,
    -- Nothing charged costs 0; charged, but by no amount that is known, costs an unknown sum.
    {%- for kind in cost_kinds() %}
        cast(
            case
                when sum({{ kind }}_charges) = 0 then 0
                else sum({{ 'seat_' if kind == 'subscription' }}{{ kind }}_cost_usd)
            end as decimal(28, 10)
        ) as {{ kind }}_cost_usd,
    {%- endfor %}

    -- booleans
    bool_or(is_subscribed) as is_subscribed,
    bool_or(is_unpriced) as is_unpriced,

    -- dates
    usage_month,
    min(first_billed_date) as first_billed_date,
    min(first_consumption_date) as first_consumption_date
from shared
group by
    account_id,
    coalesce(profile_id, '(not reported)'),
    user_id,
    usage_month
