with

charges as (
    select * from {{ ref('int_charges_classified') }}
),

legacy_days as (
    select * from {{ ref('int_legacy_users_evidenced') }}
),

rejected_rows as (
    select * from {{ ref('int_current_rejections') }}
),

seat_months as (
    select * from {{ ref('int_seat_months_aggregated') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

evidence as (
    select
        account_id,
        user_id,
        usage_date as evidence_date,
        usage_month
    from charges
    where
        charge_kind in ('consumption', 'overage')
        and user_id is not null
    union all
    select
        account_id,
        user_id,
        activity_date as evidence_date,
        {{ month_start('activity_date') }} as usage_month
    from legacy_days
),

reported_months as (
    select
        account_id,
        user_id,
        usage_month,
        max(last_active_date) as last_active_date
    from seat_months
    where active_days > 0
    group by
        account_id,
        user_id,
        usage_month
),

-- Use up to the last active day in the month's reports counts as reported; later use does not.
unreported as (
    select
        evidence.account_id,
        evidence.user_id,
        evidence.evidence_date
    from evidence
    left join reported_months
        on
            evidence.account_id = reported_months.account_id
            and evidence.user_id = reported_months.user_id
            and evidence.usage_month = reported_months.usage_month
    where
        reported_months.user_id is null
        or evidence.evidence_date > reported_months.last_active_date
    union all
    select
        rejected_rows.account_id,
        rejected_rows.user_id,
        rejected_rows.activity_date as evidence_date
    from rejected_rows
    cross join as_of
    where
        rejected_rows.user_id is not null
        and rejected_rows.activity_date <= as_of.as_of_date
)

select
    -- ids
    account_id,
    user_id,

    -- dates
    min(evidence_date) as first_evidence_date,
    max(evidence_date) as last_evidence_date
from unreported
group by
    account_id,
    user_id
