with

seat_origins as (
    select * from {{ ref('int_seat_origins_expected') }}
    where is_current and has_history and monthly_allowance is not null
),

seat_months as (
    select * from {{ ref('int_seat_months') }}
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

-- Charges so far remain. If they are not reported, they are calculated from the credits.
seats as (
    select
        seat_origins.*,
        seat_months.overage_rate_usd,
        seat_months.may_have_other_credits,
        {{ product('seat_origins.monthly_allowance', var('blocked_allowance_share')) }}
            as blocked_credits,
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
),

month_ends as (
    {{ month_ends('seats') }}
),

-- Month ends below the allowance are the same in every scenario and are left out.
ended as (
    select
        month_ends.*,
        scenarios.scenario,
        scenarios.most_overage_credits,
        month_ends.monthly_allowance + scenarios.most_overage_credits as most_credits
    from month_ends
    cross join scenarios
    where month_ends.high_demand_credits >= month_ends.blocked_credits
),

limited as (
    select
        *,
        {%- for kind in ['', 'high_'] %}
            -- Credits beyond both the allowance and the credits used so far are charged.
            greatest(
                least({{ kind }}demand_credits, most_credits)
                - greatest(credits_to_date, monthly_allowance),
                0
            ) as {{ kind }}further_credits,
        {%- endfor %}
        greatest(demand_credits - greatest(most_credits, credits_to_date), 0) as unmet_credits,
        case
            when demand_credits > most_credits then 1
            when scenario = 'overage_off' and demand_credits >= blocked_credits then 1
            else 0
        end as is_blocked
    from ended
),

-- Divided by fifty, because the omitted month ends add nothing.
averaged as (
    select
        account_id,
        profile_id,
        user_id,
        scenario,
        most_overage_credits,
        {%- for credits in ['further', 'high_further', 'unmet'] %}
            {{ rounded('cast(sum(' ~ credits ~ '_credits) as double) / 50') }}
                as {{ credits }}_credits,
        {%- endfor %}
        cast(sum({{ product('further_credits', 'further_credits') }}) as double) / 50
            as further_credits_squared,
        sum(is_blocked) / cast(50 as double) as blocked_probability
    from limited
    group by
        account_id,
        profile_id,
        user_id,
        scenario,
        most_overage_credits
)

select
    -- ids
    seats.account_id,
    seats.profile_id,
    seats.user_id,

    -- text
    scenarios.scenario,

    -- numbers
    scenarios.most_overage_credits,
    seats.overage_rate_usd,
    cast(seats.charged_credits + coalesce(averaged.further_credits, 0) as decimal(18, 6))
        as overage_mean_credits,
    cast(seats.charged_credits + coalesce(averaged.high_further_credits, 0) as decimal(18, 6))
        as high_overage_mean_credits,
    coalesce(
        {{ rounded(
            'sqrt(greatest(averaged.further_credits_squared'
            ~ ' - power(averaged.further_credits, 2), 0))'
        ) }},
        0
    ) as overage_deviation_credits,
    -- Other credits continue beyond the allowance or the cap, but it is unknown how far.
    case
        when not seats.may_have_other_credits
            then cast(coalesce(averaged.unmet_credits, 0) as decimal(18, 6))
    end as unmet_mean_credits,
    case
        when seats.may_have_other_credits then 0
        else coalesce(averaged.blocked_probability, 0)
    end as blocked_probability
from seats
cross join scenarios
left join averaged
    on
        {{ same_seat('seats', 'averaged') }}
        and scenarios.scenario = averaged.scenario
        and scenarios.most_overage_credits = averaged.most_overage_credits
