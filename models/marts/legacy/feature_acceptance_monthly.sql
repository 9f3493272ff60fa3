with

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

legacy_metrics as (
    select legacy.*
    from {{ ref('int_legacy_days_counted') }} as legacy
    inner join as_of
        on legacy.activity_date <= as_of.as_of_date
),

legacy_features as (
    select * from {{ ref('legacy_features') }}
),

account_months as (
    select distinct
        account_id,
        {{ month_start('activity_date') }} as usage_month
    from legacy_metrics
),

features as (
    select distinct feature
    from legacy_features
),

counted as (
    select
        legacy_metrics.account_id,
        {{ month_start('legacy_metrics.activity_date') }} as usage_month,
        legacy_features.feature,
        sum(case when legacy_features.role = 'shown' then legacy_metrics.metric_count end)
            as shown,
        sum(case when legacy_features.role = 'accepted' then legacy_metrics.metric_count end)
            as accepted
    from legacy_metrics
    inner join legacy_features
        on legacy_metrics.metric = legacy_features.metric
    group by
        legacy_metrics.account_id,
        {{ month_start('legacy_metrics.activity_date') }},
        legacy_features.feature
),

-- A feature whose columns are all zero or absent was not reported, which is different from 0 %.
reported as (
    select
        account_months.account_id,
        account_months.usage_month,
        features.feature,
        counted.shown,
        counted.accepted,
        coalesce(counted.shown > 0 or counted.accepted > 0, false) as reported
    from account_months
    cross join features
    left join counted
        on
            account_months.account_id = counted.account_id
            and account_months.usage_month = counted.usage_month
            and features.feature = counted.feature
)

select
    -- ids
    account_id,

    -- text
    feature,

    -- numbers
    cast(case when reported then shown end as bigint) as shown,
    cast(case when reported then accepted end as bigint) as accepted,
    case when reported then cast(accepted as double) / nullif(shown, 0) end as acceptance_rate,

    -- booleans
    reported,

    -- dates
    usage_month
from reported
