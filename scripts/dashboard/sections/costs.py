"""What was charged by month, cost center and bill."""

from __future__ import annotations

from .. import charts
from ..blocks import Chart, Column, Number, Numbers, Table

CHARGEBACK = """
    select
        usage_month,
        cost_center,
        cost_source,
        seats,
        subscription_cost_usd,
        overage_cost_usd,
        other_cost_usd,
        total_cost_usd
    from chargeback_monthly
    order by usage_month desc, total_cost_usd desc, cost_center, cost_source
"""
BY_SOURCE = """
    select
        usage_month,
        sum(subscription_cost_usd) as subscriptions,
        sum(overage_cost_usd) as overage,
        sum(other_cost_usd) as other
    from chargeback_monthly
    group by usage_month
"""
BILL = """
    select *
    from bill_reconciliation
    order by usage_month desc, account_id
"""
COSTS = {"subscriptions": "#0072b2", "overage": "#e69f00", "other": "#9aa0a6"}

TAX = """
    select sum(other_cost_usd) as tax_usd
    from chargeback_monthly
    where usage_month = date_trunc('month', as_of())
"""

BLOCKS: list[Numbers | Chart | Table] = [
    Numbers(
        TAX,
        [
            Number(
                "tax_usd",
                "Tax and other charges so far",
                "usd",
                "{month}, as billed; not included in other figures",
                "chargeback_monthly.other_cost_usd",
            )
        ],
    ),
    Chart(
        name="cost_months",
        title="Cost by month",
        window="USD, this month so far; from the bill if available, otherwise from list prices "
        "and reported overage",
        source="chargeback_monthly",
        definition="cost_source",
        query=BY_SOURCE,
        date="usage_month",
        spec={
            "height": 240,
            "transform": [{"fold": list(COSTS), "as": ["kind", "cost_usd"]}],
            "mark": {"type": "bar"},
            "encoding": {
                "x": charts.month("usage_month"),
                "y": charts.amount("cost_usd", "USD", "$,.0f", aggregate="sum"),
                "color": charts.color("kind", COSTS),
                "tooltip": [
                    charts.tip("usage_month", "Month", "%b %Y", "temporal"),
                    charts.tip("kind", "Kind", kind="nominal"),
                    charts.tip("cost_usd", "Cost", "$,.2f", aggregate="sum"),
                ],
            },
        },
    ),
    Table(
        name="chargeback",
        title="Chargeback",
        window="per calendar month",
        source="chargeback_monthly",
        query=CHARGEBACK,
        date="usage_month",
        columns=[
            Column("usage_month", "Month", "month"),
            Column("cost_center", "Cost center", "name"),
            Column("cost_source", "By"),
            Column("seats", "Seats", "count"),
            Column("subscription_cost_usd", "Subscriptions", "cents"),
            Column("overage_cost_usd", "Overage", "cents"),
            Column("other_cost_usd", "Other", "cents"),
            Column("total_cost_usd", "Total", "cents"),
        ],
    ),
    Table(
        name="bill",
        title="Bill compared with reports",
        window="by calendar month with a bill",
        source="bill_reconciliation",
        query=BILL,
        date="usage_month",
        columns=[
            Column("usage_month", "Month", "month"),
            Column("account_id", "Account", "name"),
            Column("billed_users", "Billed", "count"),
            Column("reported_users", "Reported", "count"),
            Column("billed_not_reported_users", "Billed only", "count"),
            Column("reported_not_billed_users", "Reported only", "count"),
            Column("billed_subscription_cost_usd", "Subscriptions billed", "cents"),
            Column("billed_overage_cost_usd", "Overage billed", "cents"),
            Column("reported_overage_cost_usd", "Overage reported", "cents"),
            Column("billed_total_cost_usd", "Bill", "cents"),
        ],
        empty="There is no bill. If you provide cost exports (docs/seats.md), this table "
        "compares them with the reports.",
    ),
]
