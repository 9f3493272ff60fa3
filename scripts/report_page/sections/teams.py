"""What teams and cost centers use and cost, and the bill beside the reports."""

from __future__ import annotations

from .. import charts
from ..blocks import Chart, Column, Section, Table
from ..charts import Colors

LISTED = "exists (select * from {} where {} not in ('(unassigned)', '(small groups)'))"
TEAMS = f"""
    select
        team,
        people,
        seats,
        active_seats,
        seat_utilization,
        credit_utilization,
        subscription_cost_usd,
        overage_cost_usd,
        total_cost_usd
    from team_utilization_monthly
    where
        usage_month = (select max(usage_month) from team_utilization_monthly)
        and {LISTED.format("team_utilization_monthly", "team")}
    order by total_cost_usd desc nulls last, team
"""
OUTLOOK = """
    select
        team,
        seats,
        overage_to_date_usd,
        expected_overage_usd,
        overage_p80_usd,
        blocked_or_heading_seats
    from overage_outlook
    where
        account_id = '(all)'
        and team <> '(all)'
    order by expected_overage_usd desc nulls last, team
"""
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
NO_TEAMS = (
    "There is no list of teams. With one (docs/seats.md), seats, use and cost are shown per team "
    "here, and charged per cost center."
)
COSTS = {"subscriptions": "#0072b2", "overage": "#e69f00", "other": "#9aa0a6"}


def section(colors: Colors) -> Section:
    """Return the section on teams and cost."""
    return Section(
        name="teams",
        title="Teams and cost",
        question="What does it cost, whom is it charged to, and does the bill agree?",
        blocks=[
            Chart(
                name="cost_months",
                title="Cost by month",
                window="USD; by the bill where there is one, else list prices and reported overage",
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
                name="team_list",
                title="Teams",
                window="{month}, up to {as_of}",
                source="team_utilization_monthly",
                query=TEAMS,
                columns=[
                    Column("team", "Team", "name"),
                    Column("people", "People", "count"),
                    Column("seats", "Seats", "count"),
                    Column("active_seats", "In use, 30 days", "count"),
                    Column("seat_utilization", "Seats used", "share"),
                    Column("credit_utilization", "Allowance used", "share"),
                    Column("subscription_cost_usd", "Subscriptions", "cents"),
                    Column("overage_cost_usd", "Overage", "cents"),
                    Column("total_cost_usd", "Cost with tax", "cents"),
                ],
                empty=NO_TEAMS,
            ),
            Table(
                name="team_outlook",
                title="Overage ahead, by team",
                window="{month}, whole month",
                source="overage_outlook",
                query=OUTLOOK,
                columns=[
                    Column("team", "Team", "name"),
                    Column("seats", "Seats", "count"),
                    Column("overage_to_date_usd", "So far", "cents"),
                    Column("expected_overage_usd", "Expected", "cents"),
                    Column("overage_p80_usd", "P80", "cents"),
                    Column("blocked_or_heading_seats", "Blocked or about to be", "count"),
                ],
                empty=NO_TEAMS,
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
                title="The bill beside the reports",
                window="per calendar month with a bill",
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
                empty="There is no bill. With cost exports (docs/seats.md), it is shown here "
                "next to what the reports say.",
            ),
        ],
    )
