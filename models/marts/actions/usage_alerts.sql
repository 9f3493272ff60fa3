with

headline_figures as (
    select * from {{ ref('headline_figures') }}
),

deliveries as (
    select * from {{ ref('report_delivery') }}
),

reconciliations as (
    select * from {{ ref('bill_reconciliation') }}
),

unreadable_bill_files as (
    select * from {{ ref('stg_bill__unreadable_files') }}
),

files as (
    select * from {{ ref('int_report_files') }}
),

rejected_rows as (
    select * from {{ ref('rejected_rows') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

headlines as (
    select
        headline_figures.account_id,
        {%- for figure in [
            'blocked_now_seats', 'blocked_within_7_days_seats', 'blocked_later_seats',
            'blocked_or_likely_seats', 'overage_usd', 'overage_budget_usd', 'reclaimable_seats',
            'reclaimable_cost_usd',
        ] %}
            max(case when headline_figures.figure = '{{ figure }}' then headline_figures.value end)
                as {{ figure }},
        {%- endfor %}
        max(as_of.as_of_date) as as_of_date
    from headline_figures
    inner join as_of
        on headline_figures.period_end_date = as_of.as_of_date
    where
        headline_figures.subscription_tier = '(all)'
        and headline_figures.team = '(all)'
    group by headline_figures.account_id
),

teams as (
    select
        headline_figures.team,
        max(case when headline_figures.figure = 'month_cost_usd' then headline_figures.value end)
            as month_cost_usd,
        max(case when headline_figures.figure = 'team_budget_usd' then headline_figures.value end)
            as team_budget_usd
    from headline_figures
    inner join as_of
        on headline_figures.period_end_date = as_of.as_of_date
    where
        headline_figures.account_id = '(all)'
        and headline_figures.subscription_tier = '(all)'
    group by headline_figures.team
),

missing as (
    select
        deliveries.account_id,
        count(*) as files
    from deliveries
    cross join as_of
    where
        deliveries.status = 'missing'
        and deliveries.activity_date > {{ add_days('as_of.as_of_date', -7) }}
    group by deliveries.account_id
),

-- This month's bill or the last one, which AWS keeps writing for some days: the worse of the two.
bills as (
    select
        reconciliations.account_id,
        reconciliations.usage_month,
        reconciliations.billed_unrecognized_cost_usd,
        reconciliations.billed_total_cost_usd,
        abs(cast(reconciliations.billed_unrecognized_cost_usd as double))
        / greatest(
            abs(cast(reconciliations.billed_total_cost_usd as double)),
            abs(cast(reconciliations.billed_unrecognized_cost_usd as double))
        ) as unrecognized_share
    from reconciliations
    cross join as_of
    where
        reconciliations.usage_month >= {{ month_start(add_days('as_of.month_start_date', -1)) }}
        and reconciliations.billed_unrecognized_cost_usd <> 0
),

ranked_bills as (
    select
        *,
        row_number() over (
            partition by account_id
            order by unrecognized_share desc, usage_month desc
        ) as place
    from bills
),

file_rejections as (
    select
        file,
        count(*) as rejected_rows,
        min(reason) as reason
    from rejected_rows
    group by file
),

-- By delivery day too: an old day's file may have been replaced by an unreadable one.
recent_files as (
    select
        files.account_id,
        files.file,
        files.is_current,
        files.used_rows,
        coalesce(file_rejections.rejected_rows, 0) as rejected_rows,
        file_rejections.reason
    from files
    cross join as_of
    left join file_rejections
        on files.file = file_rejections.file
    where
        not files.is_superseded
        and greatest(
            cast(files.delivered_at as date),
            coalesce(files.activity_date, cast(files.delivered_at as date))
        ) > {{ add_days('as_of.as_of_date', -7) }}
),

rejections as (
    select
        account_id,
        count(*) filter (where not is_current) as files,
        min(case when not is_current then file || ': ' || reason end) as example,
        sum(case when is_current then rejected_rows end) as rejected_rows,
        sum(case when is_current then rejected_rows + used_rows end) as delivered_rows
    from recent_files
    group by account_id
),

measures as (
    select
        'seats_blocked' as alert,
        account_id,
        '(all)' as team,
        cast(blocked_or_likely_seats as double) as measured,
        {{ alert_threshold('alert_blocked_seats') }} as threshold,
        {{ in_words('blocked_or_likely_seats') }}
        || ' seats with overage off are blocked or likely to be this month: '
        || {{ in_words('blocked_now_seats') }} || ' now, '
        || {{ in_words('blocked_within_7_days_seats') }} || ' within 7 days, '
        || {{ in_words('blocked_later_seats') }} || ' later.' as message
    from headlines
    where account_id <> '(all)'
    union all
    select
        'overage_over_budget' as alert,
        account_id,
        '(all)' as team,
        cast(overage_usd as double) as measured,
        {{ alert_threshold('alert_budget_share') }} * cast(overage_budget_usd as double)
            as threshold,
        'Overage is expected to cost ' || {{ in_words('overage_usd', 2) }}
        || ' USD this month; the budget is '
        || {{ in_words('overage_budget_usd', 2) }}
        || ' USD.' as message
    from headlines
    union all
    select
        'team_over_budget' as alert,
        '(all)' as account_id,
        team,
        cast(month_cost_usd as double) as measured,
        {{ alert_threshold('alert_budget_share') }} * cast(team_budget_usd as double)
            as threshold,
        case when team = '(all)' then 'All teams are' else 'Team ' || team || ' is' end
        || ' expected to cost ' || {{ in_words('month_cost_usd', 2) }}
        || ' USD this month; the budget is '
        || {{ in_words('team_budget_usd', 2) }}
        || ' USD.' as message
    from teams
    union all
    select
        'overage_expected' as alert,
        account_id,
        '(all)' as team,
        cast(overage_usd as double) as measured,
        {{ alert_threshold('alert_expected_overage_usd') }} as threshold,
        'Overage is expected to cost ' || {{ in_words('overage_usd', 2) }}
        || ' USD this month.' as message
    from headlines
    where account_id <> '(all)'
    union all
    select
        'seats_reclaimable' as alert,
        account_id,
        '(all)' as team,
        cast(reclaimable_cost_usd as double) as measured,
        {{ alert_threshold('alert_reclaimable_usd') }} as threshold,
        {{ in_words('reclaimable_seats') }} || ' seats can be reclaimed, '
        || {{ in_words('reclaimable_cost_usd', 2) }} || ' USD per month.' as message
    from headlines
    where account_id <> '(all)'
    union all
    select
        'files_missing' as alert,
        account_id,
        '(all)' as team,
        files as measured,
        {{ alert_threshold('alert_missing_files') }} as threshold,
        files || ' expected report files of the last 7 days are missing: see report_delivery.'
            as message
    from missing
    union all
    select
        'charges_unrecognized' as alert,
        account_id,
        '(all)' as team,
        unrecognized_share as measured,
        {{ alert_threshold('alert_unrecognized_cost_share') }} as threshold,
        {{ in_words('billed_unrecognized_cost_usd', 2) }} || ' of '
        || {{ in_words('billed_total_cost_usd', 2) }} || ' USD on the bill of '
        || cast(usage_month as {{ dbt.type_string() }})
        || ' are charges of an unknown kind: see the finding charge_is_unrecognized.' as message
    from ranked_bills
    where place = 1
    union all
    select
        'bill_files_unreadable' as alert,
        '(all)' as account_id,
        '(all)' as team,
        count(*) as measured,
        {{ alert_threshold('alert_unreadable_bill_files') }} as threshold,
        count(*) || ' bill files cannot be read and were set aside, such as '
        || min(file) || ': fetch them again.' as message
    from unreadable_bill_files
    union all
    select
        'files_rejected' as alert,
        account_id,
        '(all)' as team,
        files as measured,
        {{ alert_threshold('alert_rejected_files') }} as threshold,
        files || ' report files delivered in the last 7 days have no usable row, such as '
        || example || '. See rejected_rows; fetch them again with scripts/sync_reports.py.'
            as message
    from rejections
    union all
    select
        'rows_rejected' as alert,
        account_id,
        '(all)' as team,
        cast(rejected_rows as double) / cast(delivered_rows as double) as measured,
        {{ alert_threshold('alert_rejected_row_share') }} as threshold,
        rejected_rows || ' of ' || delivered_rows
        || ' report rows delivered in the last 7 days could not be used: see rejected_rows.'
            as message
    from rejections
    where delivered_rows > 0
)

select
    -- text
    alert,
    account_id,
    team,
    message,

    -- numbers
    cast(measured as double) as measured,
    threshold
from measures
where measured >= threshold
