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

budgets as (
    {{ budgets('overage_budgets_usd', 'account_id') }}
),

costs as (
    select
        seats.*,
        seat_months.overage_cost_usd,
        seats.forecast_credits_mean - coalesce(seats.unmet_demand_credits, 0) as usage_credits,
        {{ product('forecasts.high_overage_mean_credits', 'seat_months.overage_rate_usd') }}
            as high_overage_usd,
        forecasts.overage_deviation_credits * seat_months.overage_rate_usd
            as overage_deviation_usd,
        case
            when seats.overage_enabled
                then {{ product('seats.overage_cap', 'seat_months.overage_rate_usd') }}
            when not seats.overage_enabled then 0
        end as worst_case_overage_usd
    from seats
    inner join seat_months
        on {{ same_seat('seats', 'seat_months') }}
    left join forecasts
        on {{ same_seat('seats', 'forecasts') }}
),

scopes as (
    {{ outlook_scopes('costs') }}
),

totals as (
    select
        scope as account_id,
        team,
        count(*) as seats,
        count(expected_overage_usd) as forecast_seats,
        count(*) filter (where risk_band = 'breached') as breached_seats,
        count(*) filter (where risk_band in ('high', 'likely')) as heading_seats,
        count(*) filter (
            where risk_kind = 'blocked' and risk_band in ('breached', 'high', 'likely')
        ) as blocked_or_heading_seats,
        sum(overage_cost_usd) as overage_to_date_usd,
        count(*) - count(overage_cost_usd) as seats_with_unknown_overage_cost,
        sum(expected_overage_usd) as expected_overage_usd,
        sum(high_overage_usd) as high_overage_usd,
        sqrt(
            sum(cast(overage_deviation_usd * overage_deviation_usd as decimal(38, 6)))
        ) as independent_deviation_usd,
        -- One unknown cap makes the worst case unknown.
        case when count(worst_case_overage_usd) = count(*) then sum(worst_case_overage_usd) end
            as worst_case_overage_usd,
        sum(unmet_demand_credits) as unmet_demand_credits,
        sum(expected_overage_credits) as expected_overage_credits,
        -- The seats' use beyond their combined allowances.
        greatest(
            coalesce(
                sum(case when monthly_allowance is not null then usage_credits end)
                - sum(case when usage_credits is not null then monthly_allowance end),
                0
            ),
            0
        ) as pooled_overage_credits,
        min(as_of_date) as as_of_date,
        min(usage_month) as usage_month
    from scopes
    group by
        scope,
        team
),

ranged as (
    select
        *,
        {{ total_p80('expected_overage_usd', 'high_overage_usd', 'independent_deviation_usd') }}
            as overage_p80_usd,
        (1 - least(cast(pooled_overage_credits as double) / nullif(expected_overage_credits, 0), 1))
        * expected_overage_usd as pooling_avoids_usd
    from totals
)

select
    -- ids
    ranged.account_id,

    -- text
    ranged.team,

    -- numbers
    ranged.seats,
    ranged.forecast_seats,
    ranged.breached_seats,
    ranged.heading_seats,
    ranged.blocked_or_heading_seats,
    cast(ranged.unmet_demand_credits as decimal(38, 6)) as unmet_demand_credits,
    cast(ranged.overage_to_date_usd as decimal(18, 2)) as overage_to_date_usd,
    ranged.seats_with_unknown_overage_cost,
    -- Rounded the same way, so that half a cent does not put the P80 below the mean.
    cast({{ rounded('ranged.expected_overage_usd', 2) }} as decimal(18, 2))
        as expected_overage_usd,
    cast({{ rounded('ranged.overage_p80_usd', 2) }} as decimal(18, 2)) as overage_p80_usd,
    cast(ranged.worst_case_overage_usd as decimal(18, 2)) as worst_case_overage_usd,
    cast({{ rounded('ranged.pooling_avoids_usd', 2) }} as decimal(18, 2)) as pooling_avoids_usd,
    budgets.budget_usd,
    {%- for name in ['overage_to_date', 'expected_overage'] %}
        case
            {%- for threshold in setting('budget_thresholds') | sort(reverse=true) %}
                when ranged.{{ name }}_usd >= {{ threshold }} * budgets.budget_usd
                    then cast({{ threshold }} as double)
            {%- endfor %}
            when ranged.{{ name }}_usd is not null and budgets.budget_usd is not null
                then cast(0 as double)
        end as {{ name }}_budget_threshold,
    {%- endfor %}

    -- dates
    ranged.as_of_date,
    ranged.usage_month
from ranged
left join budgets
    on
        ranged.account_id = budgets.account_id
        and ranged.team = '(all)'
