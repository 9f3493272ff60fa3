with

seat_days as (
    select * from {{ ref('int_seat_days_aggregated') }}
    where credits_used > 0
),

-- A month that is reported without credits says nothing about them.
seat_months as (
    select * from {{ ref('int_seat_months_spined') }}
    where not (is_reported and credits_used is null)
),

seats as (
    select * from {{ ref('int_seats_summarized') }}
),

days as (
    select * from {{ ref('int_forecast_days') }}
),

origins as (
    select * from {{ ref('int_forecast_origins') }}
),

account_days as (
    select * from {{ ref('int_forecast_account_days') }}
),

sampled_seats as (
    select
        account_id,
        profile_id,
        user_id,
        first_seen_date,
        row_number() over (
            order by
                md5(account_id || profile_id || user_id),
                account_id,
                profile_id,
                user_id
        ) <= {{ var('forecast_sample_seats') }} as is_sampled
    from seats
),

-- Every seat at today's day of the month, a sample of them at those of the backtest too.
seat_origins as (
    select
        seat_months.account_id,
        seat_months.profile_id,
        seat_months.user_id,
        seat_months.subscription_tier,
        seat_months.monthly_allowance,
        seat_months.overage_cap,
        seat_months.overage_enabled,
        seat_months.breach_credits,
        seat_months.limit_credits,
        {{ product('seat_months.limit_credits', var('blocked_allowance_share')) }}
            as censoring_credits,
        origins.origin_day,
        origins.usage_month,
        origins.origin_date,
        origins.weekdays_to_date,
        origins.weekend_days_to_date,
        origins.weekdays_after,
        origins.weekend_days_after,
        origins.recency_weight,
        origins.is_current_day,
        origins.is_current,
        least(origins.month_end_date, seat_months.month_last_date) as month_last_date,
        greatest(origins.usage_month, sampled_seats.first_seen_date) as start_date,
        sampled_seats.is_sampled,
        origins.is_closed_month
        and seat_months.delivered_days
        >= {{ var('window_minimum_coverage') }}
        * ({{ days_between('origins.usage_month', 'origins.month_end_date') }} + 1)
            as is_known_month
    from seat_months
    inner join sampled_seats
        on {{ same_seat('seat_months', 'sampled_seats') }}
    inner join origins
        on
            seat_months.usage_month = origins.usage_month
            and sampled_seats.first_seen_date <= origins.origin_date
            and (origins.is_current_day or sampled_seats.is_sampled)
),

credit_days as (
    select
        seat_days.*,
        days.is_weekend,
        -- Decimals, whose sum does not depend on the order of the rows.
        cast(seat_days.credits_used * days.recency_weight as decimal(38, 6)) as weighted_credits
    from seat_days
    inner join days
        on seat_days.activity_date = days.activity_date
),

-- Joined by month alone: with every seat and month it took a fifth of a large build.
seen_days as (
    select
        credit_days.*,
        origins.origin_day,
        credit_days.activity_date <= origins.origin_date as is_to_origin
    from credit_days
    inner join origins
        on credit_days.usage_month = origins.usage_month
    where
        origins.is_current_day
        or exists (
            select 1
            from sampled_seats
            where
                {{ same_seat('credit_days', 'sampled_seats') }}
                and sampled_seats.is_sampled
        )
),

sums as (
    select
        account_id,
        profile_id,
        user_id,
        origin_day,
        usage_month,
        {%- for scope, condition in [('month_', 'true'), ('origin_', 'is_to_origin')] %}
            sum(credits_used) filter (where {{ condition }}) as {{ scope }}credits,
            sum(weighted_credits) filter (where {{ condition }} and not is_weekend)
                as {{ scope }}weekday_weighted_credits,
            sum(weighted_credits) filter (where {{ condition }} and is_weekend)
                as {{ scope }}weekend_day_weighted_credits,
            max(activity_date) filter (where {{ condition }}) as {{ scope }}last_credits_date
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from seen_days
    group by
        account_id,
        profile_id,
        user_id,
        origin_day,
        usage_month
),

-- Demand is last seen on the day that reached the limit: later days are as unknown as the future.
censored as (
    select
        seat_origins.*,
        {%- for scope in ['month_', 'origin_'] %}
            coalesce(sums.{{ scope }}credits, 0) as {{ scope }}credits,
            coalesce(sums.{{ scope }}weekday_weighted_credits, 0)
                as {{ scope }}weekday_weighted_credits,
            coalesce(sums.{{ scope }}weekend_day_weighted_credits, 0)
                as {{ scope }}weekend_day_weighted_credits,
            sums.{{ scope }}last_credits_date,
        {%- endfor %}
        coalesce(sums.origin_credits >= seat_origins.censoring_credits, false) as is_censored,
        case
            when
                sums.origin_credits >= seat_origins.censoring_credits
                then sums.origin_last_credits_date
            else seat_origins.origin_date
        end as observed_date,
        case
            when
                sums.month_credits >= seat_origins.censoring_credits
                then sums.month_last_credits_date
            else seat_origins.month_last_date
        end as month_observed_date
    from seat_origins
    left join sums
        on
            {{ same_seat('seat_origins', 'sums') }}
            and seat_origins.origin_day = sums.origin_day
            and seat_origins.usage_month = sums.usage_month
)

select
    -- ids
    censored.account_id,
    censored.profile_id,
    censored.user_id,

    -- text
    censored.subscription_tier,

    -- numbers
    censored.origin_day,
    censored.monthly_allowance,
    censored.overage_cap,
    censored.breach_credits,
    censored.limit_credits,
    censored.origin_credits,
    censored.month_credits,
    {%- for kind in ['weekday', 'weekend_day'] %}
        censored.origin_{{ kind }}_weighted_credits,
        censored.month_{{ kind }}_weighted_credits,
        last_observed.delivered_{{ kind }}s_to_date
        - coalesce(earlier.delivered_{{ kind }}s_to_date, 0)
            as observed_{{ kind }}s,
        month_observed.delivered_{{ kind }}s_to_date
        - coalesce(earlier.delivered_{{ kind }}s_to_date, 0) as month_observed_{{ kind }}s,
        last_observed.delivered_{{ kind }}_weight_to_date
        - coalesce(earlier.delivered_{{ kind }}_weight_to_date, 0) as observed_{{ kind }}_weight,
        month_observed.delivered_{{ kind }}_weight_to_date
        - coalesce(earlier.delivered_{{ kind }}_weight_to_date, 0)
            as month_observed_{{ kind }}_weight,
        censored.{{ kind }}s_to_date - coalesce(days_earlier.{{ kind }}s_to_date, 0)
            as {{ kind }}s_to_date,
        censored.{{ kind }}s_after,
    {%- endfor %}
    censored.recency_weight,

    -- booleans
    censored.overage_enabled,
    censored.is_censored,
    censored.is_sampled,
    censored.is_current_day,
    censored.is_current,
    censored.is_known_month,

    -- dates
    censored.usage_month,
    censored.origin_date,
    censored.observed_date,
    censored.origin_last_credits_date,
    censored.month_last_credits_date
from censored
left join days as days_earlier
    on {{ add_days('censored.start_date', -1) }} = days_earlier.activity_date
left join account_days as earlier
    on
        censored.account_id = earlier.account_id
        and {{ add_days('censored.start_date', -1) }} = earlier.activity_date
inner join account_days as last_observed
    on
        censored.account_id = last_observed.account_id
        and censored.observed_date = last_observed.activity_date
inner join account_days as month_observed
    on
        censored.account_id = month_observed.account_id
        and censored.month_observed_date = month_observed.activity_date
