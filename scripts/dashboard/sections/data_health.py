"""The data health tab: can the numbers be trusted?"""

from __future__ import annotations

from .. import charts
from ..blocks import Chart, Column, Number, Numbers, Section, Table
from ..charts import Colors
from .answers import TRUSTED, answer

FACTS = """
    with

    deliveries as (
        select
            case when grouping(account_id) = 1 then '(all)' else account_id end as account_id,
            max(activity_date) filter (where status = 'delivered') as last_day,
            count(*) filter (where status = 'delivered' and activity_date > as_of() - 30)
            / nullif(
                count(*) filter (
                    where status not in ('quiet', 'assumed_quiet') and activity_date > as_of() - 30
                ),
                0
            ) as delivered_ratio,
            sum(rows) as report_rows,
            sum(rejected_rows) as rejected
        from (
            select
                shown_account(account_id) as account_id,
                activity_date,
                status,
                rows,
                rejected_rows
            from report_delivery
        )
        group by grouping sets ((), (account_id))
    ),

    bills as (
        select
            case when grouping(account_id) = 1 then '(all)' else account_id end as account_id,
            sum(billed_unrecognized_cost_usd) as unrecognized_cost_usd
        from (
            select
                shown_account(account_id) as account_id,
                billed_unrecognized_cost_usd
            from bill_reconciliation
        )
        group by grouping sets ((), (account_id))
    )

    select
        deliveries.*,
        bills.unrecognized_cost_usd
    from deliveries
    left join bills
        on deliveries.account_id = bills.account_id
"""
MATRIX = """
    select
        shown_account(account_id) as account_id,
        activity_date,
        client_type,
        replace(status, '_', ' ') as status,
        count(*) as deliveries,
        sum(rows) as report_rows
    from report_delivery
    where activity_date > as_of() - 91
    group by all
"""
MISSING = """
    select
        account_id,
        activity_date,
        region,
        client_type,
        status,
        files,
        rejected_rows
    from report_delivery
    where status in ('missing', 'rejected')
    order by activity_date desc, account_id, client_type, region
"""
REJECTED = """
    select
        account_id,
        activity_date,
        reason,
        file,
        line_number
    from rejected_rows
    order by activity_date desc nulls first, file, line_number
"""
UNKNOWN = """
    select
        'model' as kind,
        model as value,
        'is not in the seed model_catalog' as finding,
        max(activity_date) as last_seen
    from model_mix_daily
    where
        model_kind is null
        and model <> '(unattributed)'
    group by model
    union all
    select
        'tier',
        subscription_tier,
        'has no price in the seed plan_prices',
        max(usage_month)
    from license_utilization_monthly
    where subscription_cost_usd is null
    group by subscription_tier
    order by kind, value
"""
FINDINGS = """
    select
        account_id,
        severity,
        source,
        replace(finding, '_', ' ') as finding,
        strftime(min(usage_month), '%b %Y')
        || coalesce(
            ' to ' || strftime(nullif(max(usage_month), min(usage_month)), '%b %Y'), ''
        ) as months,
        sum(affected) as affected,
        advice
    from data_quality_findings
    group by all
    order by severity desc, affected desc, finding, account_id, source
"""
SETTINGS = """
    select
        setting,
        setting_value
    from report_settings
    order by setting
"""


def section(colors: Colors) -> Section:
    """Return the data health tab."""
    return Section(
        name="data_health",
        title="Data health",
        question="Can the numbers be trusted?",
        blocks=[
            Numbers(
                TRUSTED,
                [
                    answer(
                        "trusted",
                        "In short",
                        "report_delivery.status",
                        "Report files that are missing, rows that were rejected, and warnings "
                        "among the findings.",
                    )
                ],
            ),
            Numbers(
                FACTS,
                [
                    Number(
                        "last_day",
                        "Last known day",
                        "date",
                        "newest delivered",
                        "report_delivery.activity_date",
                    ),
                    Number(
                        "delivered_ratio",
                        "Delivered",
                        "share",
                        "of the expected client reports, 30 days up to {as_of}",
                        "report_delivery.status",
                    ),
                    Number(
                        "report_rows",
                        "Rows used",
                        "count",
                        "entire history",
                        "report_delivery.rows",
                    ),
                    Number(
                        "rejected",
                        "Rows rejected",
                        "count",
                        "entire history",
                        "report_delivery.rejected_rows",
                    ),
                    Number(
                        "unrecognized_cost_usd",
                        "Unrecognized charges",
                        "usd",
                        "on all bills; see the findings below",
                        "bill_reconciliation.billed_unrecognized_cost_usd",
                    ),
                ],
            ),
            Chart(
                name="matrix",
                title="Delivered reports by day and client",
                window="91 days up to {as_of}",
                source="report_delivery",
                definition="status",
                query=MATRIX,
                date="activity_date",
                note="If accounts differ, the color shows the worst status.",
                spec={
                    "height": {"step": 30},
                    "transform": [
                        {
                            "calculate": "indexof(['quiet', 'assumed quiet', 'delivered', "
                            "'rejected', 'missing'], datum.status)",
                            "as": "rank",
                        },
                        {
                            "joinaggregate": [{"op": "max", "field": "rank", "as": "worst"}],
                            "groupby": ["activity_date", "client_type"],
                        },
                        {"filter": "datum.rank == datum.worst"},
                    ],
                    "mark": {"type": "rect"},
                    "encoding": {
                        "x": {
                            **charts.day("activity_date"),
                            "timeUnit": "utcyearmonthdate",
                            "bandPosition": 0.5,
                        },
                        "y": charts.name("client_type", scale={"paddingInner": 0.12}),
                        "color": charts.color("status", charts.STATUS_COLORS),
                        "tooltip": [
                            charts.tip("activity_date", "Day", kind="temporal"),
                            charts.tip("client_type", "Client", kind="nominal"),
                            charts.tip("status", "Status", kind="nominal"),
                            charts.tip("report_rows", "Rows", ",", aggregate="sum"),
                        ],
                    },
                },
            ),
            Table(
                name="missing_list",
                title="Missing and unusable files",
                window="entire history, newest first",
                source="report_delivery",
                query=MISSING,
                date="activity_date",
                columns=[
                    Column("activity_date", "Day", "date"),
                    Column("account_id", "Account", "name"),
                    Column("region", "Region", "name"),
                    Column("client_type", "Client", "name"),
                    Column("status", "Status"),
                    Column("files", "Files", "count"),
                    Column("rejected_rows", "Rows rejected", "count"),
                ],
                empty="Every expected file arrived and could be read.",
            ),
            Table(
                name="rejected_list",
                title="Rejected rows",
                window="entire history, newest first",
                source="rejected_rows",
                query=REJECTED,
                date="activity_date",
                columns=[
                    Column("activity_date", "Day", "date"),
                    Column("reason", "Reason"),
                    Column("file", "File"),
                    Column("line_number", "Line", "text"),
                ],
                empty="No row was rejected: all report rows were used.",
            ),
            Table(
                name="unknown_values",
                title="Plans without a price, and models not in the catalog",
                window="entire history",
                source="model_mix_daily",
                query=UNKNOWN,
                columns=[
                    Column("kind", "Kind", definition="Model or plan."),
                    Column("value", "Value", "name", definition="As reported."),
                    Column("finding", "Finding", definition="What is not known about the value."),
                    Column(
                        "last_seen",
                        "Last seen",
                        "date",
                        definition="Last day with messages; for a plan, the last month.",
                    ),
                ],
                empty="Every plan has a price, and every model is in the catalog.",
            ),
            Table(
                name="findings",
                title="Findings in the reports, the bill and the lists",
                window="as of {as_of}",
                source="data_quality_findings",
                query=FINDINGS,
                columns=[
                    Column("severity", "Severity"),
                    Column("source", "Source"),
                    Column("finding", "Finding"),
                    Column("account_id", "Account", "name"),
                    Column(
                        "months",
                        "Months",
                        "name",
                        definition="Month with findings, or the first and last month.",
                    ),
                    Column("affected", "How many", "count"),
                    Column("advice", "What to do"),
                ],
                empty="No findings: the reports, bill, roster, directory and teams agree.",
            ),
            Table(
                name="settings",
                title="Settings",
                window="used by the build that created the tables",
                source="report_settings",
                query=SETTINGS,
                columns=[Column("setting", "Setting", "name"), Column("setting_value", "Value")],
            ),
        ],
    )
