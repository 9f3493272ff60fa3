with

seat_origins as (
    select * from {{ ref('int_seat_origins_expected') }}
    where is_current and has_history and monthly_allowance is not null
),

seat_months as (
    select * from {{ ref('int_seat_months_spined') }}
    where is_current_month
),

outcomes as (
    select * from {{ ref('int_forecast_outcomes') }}
),

month_errors as (
    select * from {{ ref('int_forecast_month_errors') }}
),

scenarios as (
    select * from {{ ref('int_what_if_scenarios') }}
),

-- What was charged so far stays charged; where it is not reported, it is what the credits say.
seat_scenarios as (
    select
        seat_origins.account_id,
        seat_origins.profile_id,
        seat_origins.user_id,
        scenarios.scenario,
        scenarios.most_overage_credits,
        seat_months.overage_rate_usd,
        seat_months.may_have_other_credits,
        seat_origins.credits_to_date,
        seat_origins.monthly_allowance,
        {{ product('seat_origins.monthly_allowance', var('blocked_allowance_share')) }}
            as blocked_credits,
        seat_origins.monthly_allowance + scenarios.most_overage_credits as limit_credits,
        coalesce(
            seat_months.overage_credits_used,
            case
                when seat_origins.overage_enabled
                    then
                        greatest(seat_origins.credits_to_date - seat_origins.monthly_allowance, 0)
            end,
            0
        ) as charged_credits
    from seat_origins
    inner join seat_months
        on {{ same_seat('seat_origins', 'seat_months') }}
    cross join scenarios
),

month_ends as (
    {{ month_ends('seat_origins') }}
),

-- Month ends that stay below the allowance are the same in every scenario and left out.
ended as (
    select
        seat_scenarios.*,
        coalesce(month_ends.demand_credits, 0) as demand_credits,
        coalesce(month_ends.high_demand_credits, 0) as high_demand_credits
    from seat_scenarios
    left join month_ends
        on
            {{ same_seat('seat_scenarios', 'month_ends') }}
            and seat_scenarios.blocked_credits <= month_ends.high_demand_credits
),

limited as (
    select
        *,
        {%- for kind in ['', 'high_'] %}
            -- Charged is what goes beyond the allowance, and beyond the credits used so far.
            greatest(
                least({{ kind }}demand_credits, limit_credits)
                - greatest(credits_to_date, monthly_allowance),
                0
            ) as {{ kind }}further_credits,
        {%- endfor %}
        greatest(demand_credits - greatest(limit_credits, credits_to_date), 0) as unmet_credits,
        case
            when demand_credits > limit_credits then 1
            when scenario = 'overage_off' and demand_credits >= blocked_credits then 1
            else 0
        end as is_blocked
    from ended
),

-- Sums over the fifty month ends, as those left out add nothing.
averaged as (
    select
        account_id,
        profile_id,
        user_id,
        scenario,
        most_overage_credits,
        overage_rate_usd,
        may_have_other_credits,
        charged_credits,
        {%- for credits in ['further', 'high_further', 'unmet'] %}
            {{ rounded('cast(coalesce(sum(' ~ credits ~ '_credits), 0) as double) / 50') }}
                as {{ credits }}_credits,
        {%- endfor %}
        cast(
            coalesce(sum({{ product('further_credits', 'further_credits') }}), 0) as double
        ) / 50 as further_credits_squared,
        sum(is_blocked) / cast(50 as double) as blocked_probability
    from limited
    group by
        account_id,
        profile_id,
        user_id,
        scenario,
        most_overage_credits,
        overage_rate_usd,
        may_have_other_credits,
        charged_credits
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    scenario,

    -- numbers
    most_overage_credits,
    overage_rate_usd,
    cast(charged_credits + further_credits as decimal(18, 6)) as overage_mean_credits,
    cast(charged_credits + high_further_credits as decimal(18, 6)) as high_overage_mean_credits,
    {{ rounded(
        'sqrt(greatest(further_credits_squared - power(further_credits, 2), 0))'
    ) }} as overage_deviation_credits,
    -- Other credits go on where the allowance or the cap ends, nobody knows how far.
    case when not may_have_other_credits then cast(unmet_credits as decimal(18, 6)) end
        as unmet_mean_credits,
    case when may_have_other_credits then 0 else blocked_probability end as blocked_probability
from averaged
