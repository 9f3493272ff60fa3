"""What teams use and cost."""

from __future__ import annotations

from ..blocks import Column, Section, Table
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
NO_TEAMS = (
    "There is no list of teams. With one (docs/seats.md), seats, use and cost are shown per team "
    "here, and charged per cost center."
)


def section(colors: Colors) -> Section:
    """Return the tab on teams."""
    return Section(
        name="teams",
        title="Teams",
        question="What do teams use, and what do they cost?",
        blocks=[
            Table(
                name="team_list",
                title="Use and cost by team",
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
                    Column("overage_p80_usd", "Stays below (8 in 10)", "cents"),
                    Column("blocked_or_heading_seats", "Blocked or likely", "count"),
                ],
                empty=NO_TEAMS,
            ),
        ],
    )
