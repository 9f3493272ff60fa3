{%- set sources = {
    'has_reports': 'usage reports for nearly every day',
    'is_on_bill': 'bill',
    'is_on_roster': 'roster',
} %}

with

decided as (
    select * from {{ ref('int_seat_actions_decided') }}
),

explained as (
    select
        *,
        case
            when action = 'reclaim' and seat_state = 'never_used'
                then
                    'Paid for since ' || cast(activated_date as {{ dbt.type_string() }})
                    || ' and never used.'
            when
                action = 'reclaim'
                then 'Seat unused for ' || {{ in_words('days_since_active') }} || ' days.'
            when action = 'investigate' and suspicion = 'early overage'
                then 'Overage is reported although the allowance is not used up.'
            when action = 'investigate' and suspicion = 'used elsewhere'
                then
                    'The person does not use the account and profile that are paid for, but works '
                    || 'in another account or profile without a known seat.'
            when action = 'investigate' and suspicion = 'used without a report'
                then
                    'No report shows recent use, but the bill, the legacy report or a rejected row '
                    || 'does.'
            when action = 'investigate' and suspicion = 'second seat'
                then
                    'The person has another seat, in another profile or account. Keep that one.'
            when action = 'investigate' and suspicion = 'other credits'
                then
                    'The person keeps working beyond the allowance with overage off: other '
                    || 'credits, such as prepaid ones, seem to cover it.'
            when action = 'investigate' and suspicion = 'no reports'
                then
                    'Paid for, but no report for the account has arrived, so it is unknown whether '
                    || 'the seat is used.'
            when action = 'investigate'
                then 'Paid for and never used since reports began; the seat may be older.'
            when action = 'use_cheaper_model'
                then
                    'With auto instead of more expensive models, '
                    || case
                        when forecast_credits_p50 <= monthly_allowance
                            then 'overage would be less likely (estimate).'
                        else 'the work would fit the allowance (estimate).'
                    end
            when action = 'enable_overage'
                then
                    case
                        when blocking = 'now' then 'Blocked for the rest of the month: '
                        when blocking = 'likely' then 'Likely to be blocked before the month ends: '
                        else 'May be blocked before the month ends: '
                    end || 'overage with a cap lets work continue; it applies to the whole profile.'
            when action = 'upgrade' and overage_enabled
                then
                    recommended_tier
                    || ' costs less than '
                    || subscription_tier
                    || ' and its overage.'
            when action = 'upgrade'
                then
                    'The work does not fit ' || subscription_tier || ' on any basis, and overage '
                    || 'would cost more than ' || recommended_tier || '.'
            when action = 'downgrade'
                then
                    case
                        when
                            highest_month_credits > recommended_allowance_credits
                            or forecast_credits_p80 > recommended_allowance_credits
                            then
                                recommended_tier
                                || ' costs less on every basis, including any overage.'
                        else 'The work fits ' || recommended_tier || ' on every basis.'
                    end
        end as reason,
        case
            when action = 'reclaim'
                then
                    subscription_tier || ' costs ' || {{ in_usd('monthly_price_usd') }}
                    || ' per month. This month is paid for, so canceling lowers the bill '
                    || 'from ' || cast(effective_date as {{ dbt.type_string() }})
                    || ' on. The seat cannot be transferred.'
            when action = 'investigate' and suspicion not in ('early overage', 'other credits')
                then
                    subscription_tier || ' costs ' || {{ in_usd('monthly_price_usd') }}
                    || ' per month'
                    || case
                        when duplicate_waste_usd is not null
                            then ', and the other seat makes it unnecessary.'
                        else '.'
                    end
            when action = 'investigate'
                then
                    'This month ' || {{ in_words('credits_used') }} || ' of '
                    || {{ in_words('monthly_allowance') }} || ' credits, '
                    || {{ in_words('overage_credits_used') }} || ' of which are overage.'
            when action in ('upgrade', 'downgrade')
                then
                    'Credits: last month ' || {{ in_words('last_month_credits') }}
                    || ', highest of the last full months (' || {{ in_words('full_months') }}
                    || ') ' || {{ in_words('highest_month_credits') }}
                    || ', forecast ' || {{ in_words('forecast_credits_p50') }}
                    || ' (80 % chance of less than ' || {{ in_words('forecast_credits_p80') }}
                    || '), allowance ' || {{ in_words('monthly_allowance') }}
                    || ', with ' || recommended_tier || ' '
                    || {{ in_words('recommended_allowance_credits') }}
                    || '. The price changes by ' || {{ in_usd('price_change_usd') }}
                    || ' per month'
                    || case
                        when action = 'upgrade' and break_even_overage_credits is not null
                            then
                                ', which pays off at '
                                || {{ in_words('break_even_overage_credits') }}
                                || ' overage credits or more.'
                        when action = 'downgrade' and monthly_savings_usd < -price_change_usd
                            then
                                ', and overage may cost '
                                || {{ in_usd('-price_change_usd - monthly_savings_usd') }} || '.'
                        else '.'
                    end
            when action = 'use_cheaper_model'
                then
                    'Forecast ' || {{ in_words('forecast_credits_p50') }} || ' of '
                    || {{ in_words('monthly_allowance') }} || ' credits, about '
                    || {{ in_words('forecast_credits_with_auto') }}
                    || ' with auto.'
            when action = 'enable_overage'
                then
                    coalesce(
                        'The allowance is used up on '
                        || cast(exhaustion_date as {{ dbt.type_string() }}),
                        'Forecast ' || {{ in_words('forecast_credits_p50') }} || ' of '
                        || {{ in_words('monthly_allowance') }} || ' credits'
                    )
                    || '; expected demand beyond it: ' || {{ in_words('unmet_demand_credits') }}
                    || ' credits, ' || {{ in_usd('unmet_demand_usd') }}
                    || ' as overage.'
                    || case
                        when break_even_overage_credits is not null
                            then
                                ' ' || break_even_tier || ' pays off at '
                                || {{ in_words('break_even_overage_credits') }}
                                || ' overage credits per month or more.'
                        else ''
                    end
        end as evidence,
        -- The legacy report shows who worked but not on which plan.
        {% for name, is_said in {'confirmed_by': '', 'missing_sources': 'not '}.items() -%}
            nullif(
                substr(
                    {%- for source, words in sources.items() %}
                        case when {{ is_said }}{{ source }} then ', {{ words }}' else '' end ||
                    {%- endfor %}
                    case
                        when action in ('reclaim', 'investigate') and {{ is_said }}has_legacy_report
                            then ', legacy report'
                        else ''
                    end,
                    3
                ),
                ''
            ) as {{ name }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from decided
)

select
    -- ids
    account_id,
    profile_id,
    user_id,

    -- text
    action,
    nullif(subscription_tier, '(unknown)') as subscription_tier,
    recommended_tier,
    reason,
    evidence
    || coalesce(' Confirmed by: ' || confirmed_by || '.', '')
    || coalesce(' Missing: ' || missing_sources || '.', '') as evidence,
    confidence,
    confirmed_by,
    missing_sources,

    -- numbers
    cast(recommended_allowance_credits as decimal(18, 6)) as recommended_allowance_credits,
    monthly_savings_usd,
    monthly_cost_usd,

    -- dates
    as_of_date,
    effective_date
from explained
