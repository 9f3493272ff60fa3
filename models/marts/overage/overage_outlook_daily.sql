{%- set percentiles = [
    ('p10', -1.2816), ('p20', -0.8416), ('p80', 0.8416), ('p90', 1.2816)
] -%}

with

risks as (
    select * from {{ ref('overage_risk') }}
),

outlook as (
    select * from {{ ref('overage_outlook') }}
    where team = '(all)'
),

seat_months as (
    select * from {{ ref('int_seat_months') }}
    where is_current_month
),

seat_days as (
    select * from {{ ref('int_seat_days_aggregated') }}
),

seat_ends as (
    select * from {{ ref('int_seat_days_forecast') }}
),

days as (
    select days.*
    from {{ ref('int_forecast_days') }} as days
    inner join {{ ref('int_as_of_date') }} as as_of
        on days.usage_month = as_of.month_start_date
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

day_costs as (
    select
        seat_days.account_id,
        seat_days.activity_date,
        sum({{ product('seat_days.overage_credits_used', 'seat_months.overage_rate_usd') }})
            as overage_usd
    from seat_days
    inner join seat_months
        on
            {{ same_seat('seat_days', 'seat_months') }}
            and seat_days.usage_month = seat_months.usage_month
    where
        seat_days.overage_credits_used > 0
        -- A seat with an unknown month is left out of totals, as in `overage_outlook`.
        and seat_months.overage_cost_usd is not null
    group by
        seat_days.account_id,
        seat_days.activity_date
),

costs as (
    select
        risks.account_id,
        days.activity_date,
        cast(
            coalesce(seat_ends.expected_overage_usd, risks.expected_overage_usd) as decimal(18, 6)
        ) as expected_usd,
        cast(coalesce(seat_ends.high_overage_usd, 0) as decimal(18, 6)) as high_usd,
        cast(coalesce(seat_ends.deviation_usd, 0) as decimal(18, 6)) as deviation_usd,
        coalesce(seat_months.overage_cost_usd, 0) as charged_usd
    from risks
    inner join days
        on risks.as_of_date < days.activity_date
    inner join seat_months
        on {{ same_seat('risks', 'seat_months') }}
    left join seat_ends
        on
            {{ same_seat('risks', 'seat_ends') }}
            and days.activity_date = seat_ends.activity_date
    where risks.expected_overage_usd is not null
),

account_costs as (
    select
        account_id,
        activity_date,
        sum(expected_usd) as expected_usd,
        sum(high_usd) as high_usd,
        sum(charged_usd) as charged_usd,
        sum({{ product('deviation_usd', 'deviation_usd') }}) as variance_usd
    from costs
    group by
        account_id,
        activity_date
),

-- Every day of the month for every account and for all accounts together.
scopes as (
    select
        outlook.account_id,
        outlook.overage_to_date_usd,
        days.activity_date
    from outlook
    cross join days
),

seen as (
    select
        scopes.account_id,
        scopes.activity_date,
        sum(coalesce(sum(day_costs.overage_usd), 0)) over (
            partition by scopes.account_id
            order by scopes.activity_date
            rows between unbounded preceding and current row
        ) as overage_to_date_usd
    from scopes
    left join day_costs
        on
            scopes.account_id in (day_costs.account_id, '(all)')
            and scopes.activity_date = day_costs.activity_date
    group by
        scopes.account_id,
        scopes.activity_date
),

-- As in `overage_outlook`: seats deviate independently, and also together because months differ.
ahead as (
    select
        scopes.account_id,
        scopes.activity_date,
        sum(account_costs.expected_usd) as expected_usd,
        sum(account_costs.charged_usd) as charged_usd,
        sqrt(
            cast(sum(account_costs.variance_usd) as double)
            + power(
                cast(sum(account_costs.high_usd) - sum(account_costs.expected_usd) as double), 2
            )
        ) as deviation_usd
    from scopes
    inner join account_costs
        on
            scopes.account_id in (account_costs.account_id, '(all)')
            and scopes.activity_date = account_costs.activity_date
    group by
        scopes.account_id,
        scopes.activity_date
)

select
    -- ids
    scopes.account_id,

    -- numbers
    cast(
        case
            when
                scopes.activity_date <= as_of.as_of_date
                and scopes.overage_to_date_usd is not null
                then seen.overage_to_date_usd
        end as decimal(18, 2)
    ) as overage_to_date_usd,
    cast(ahead.expected_usd as decimal(18, 2)) as expected_overage_usd,
    {%- for percentile, deviations in percentiles %}
        cast(
            case
                when ahead.expected_usd is not null
                    then greatest(
                        ahead.expected_usd + {{ deviations }} * ahead.deviation_usd,
                        ahead.charged_usd
                    )
            end as decimal(18, 2)
        ) as overage_{{ percentile }}_usd,
    {%- endfor %}

    -- dates
    scopes.activity_date,
    as_of.as_of_date
from scopes
cross join as_of
inner join seen
    on
        scopes.account_id = seen.account_id
        and scopes.activity_date = seen.activity_date
left join ahead
    on
        scopes.account_id = ahead.account_id
        and scopes.activity_date = ahead.activity_date
