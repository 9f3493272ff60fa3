with

seats as (
    select * from {{ ref('overage_risk') }}
),

seat_months as (
    select * from {{ ref('int_seat_months') }}
    where is_current_month
),

forecasts as (
    select * from {{ ref('int_seat_forecasts') }}
    where is_current
),

what_ifs as (
    select * from {{ ref('int_seat_what_ifs') }}
),

scenarios as (
    select * from {{ ref('int_what_if_scenarios') }}
),

-- Current settings with the figures from `overage_outlook`, then all other scenarios for every
-- seat.
seat_scenarios as (
    select
        seats.account_id,
        seats.user_id,
        'current_settings' as scenario,
        cast(null as decimal(18, 6)) as overage_cap,
        seats.expected_overage_usd,
        {{ product('forecasts.high_overage_mean_credits', 'seat_months.overage_rate_usd') }}
            as high_overage_usd,
        forecasts.overage_deviation_credits * seat_months.overage_rate_usd
            as overage_deviation_usd,
        case
            when seats.overage_enabled then seats.probability_over_cap
            when seats.risk_kind = 'blocked' then seats.probability_over_allowance
            when not seats.overage_enabled then 0
        end as blocked_probability,
        seats.unmet_demand_credits as unmet_credits,
        seats.as_of_date,
        seats.usage_month
    from seats
    inner join seat_months
        on {{ same_seat('seats', 'seat_months') }}
    left join forecasts
        on {{ same_seat('seats', 'forecasts') }}
    union all
    select
        seats.account_id,
        seats.user_id,
        scenarios.scenario,
        scenarios.overage_cap,
        {%- for name, credits in [
            ('expected_overage', 'what_ifs.overage_mean_credits'),
            ('high_overage', 'what_ifs.high_overage_mean_credits'),
            ('overage_deviation', 'what_ifs.overage_deviation_credits'),
        ] %}
            case
                when {{ credits }} = 0 then 0
                else {{ product(credits, 'what_ifs.overage_rate_usd') }}
            end as {{ name }}_usd,
        {%- endfor %}
        what_ifs.blocked_probability,
        what_ifs.unmet_mean_credits as unmet_credits,
        seats.as_of_date,
        seats.usage_month
    from seats
    cross join scenarios
    left join what_ifs
        on
            {{ same_seat('seats', 'what_ifs') }}
            and scenarios.scenario = what_ifs.scenario
            and scenarios.most_overage_credits = what_ifs.most_overage_credits
),

scopes as (
    {{ outlook_scopes('seat_scenarios') }}
),

totals as (
    select
        scope as account_id,
        team,
        scenario,
        overage_cap,
        count(*) as seats,
        count(expected_overage_usd) as forecast_seats,
        sum(expected_overage_usd) as expected_overage_usd,
        sum(high_overage_usd) as high_overage_usd,
        sqrt(
            sum(cast(overage_deviation_usd * overage_deviation_usd as decimal(38, 6)))
        ) as independent_deviation_usd,
        sum(cast({{ rounded('blocked_probability') }} as decimal(18, 6))) as blocked_seats,
        sum(unmet_credits) as unmet_credits,
        min(as_of_date) as as_of_date,
        min(usage_month) as usage_month
    from scopes
    group by
        scope,
        team,
        scenario,
        overage_cap
)

select
    -- ids
    account_id,

    -- text
    team,
    scenario,

    -- numbers
    overage_cap,
    seats,
    forecast_seats,
    cast({{ rounded('expected_overage_usd', 2) }} as decimal(18, 2)) as expected_overage_usd,
    cast(
        {{ rounded(
            total_p80('expected_overage_usd', 'high_overage_usd', 'independent_deviation_usd'), 2
        ) }} as decimal(18, 2)
    ) as overage_p80_usd,
    cast({{ rounded('blocked_seats', 2) }} as decimal(18, 2)) as blocked_seats,
    cast(unmet_credits as decimal(38, 6)) as unmet_credits,

    -- dates
    as_of_date,
    usage_month
from totals
