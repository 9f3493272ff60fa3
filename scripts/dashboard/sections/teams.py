"""What teams use and cost."""

from __future__ import annotations

from ..blocks import Column, Section, Table
from ..charts import Colors

LISTED = "exists (select * from {} where {} not in ('(unassigned)', '(small groups)'))"
# The cost so far depends on when bills arrived, so teams are ranked by the whole month's cost.
TEAMS = f"""
    select
        months.team,
        months.people,
        months.seats,
        months.active_seats,
        months.seat_utilization,
        months.credit_utilization,
        months.subscription_cost_usd,
        months.overage_cost_usd,
        months.total_cost_usd
        - coalesce(months.subscription_cost_usd, 0)
        - coalesce(months.overage_cost_usd, 0) as other_cost_usd,
        months.total_cost_usd,
        headline_figures.value as expected_cost_usd,
        months_before.total_cost_usd as cost_before_usd
    from team_utilization_monthly as months
    left join team_utilization_monthly as months_before
        on
            months.team = months_before.team
            and months_before.usage_month = months.usage_month - interval 1 month
    left join headline_figures
        on
            months.team = headline_figures.team
            and headline_figures.figure = 'month_cost_usd'
            and headline_figures.account_id = '(all)'
            and headline_figures.subscription_tier = '(all)'
            and headline_figures.period_end_date = as_of()
    where
        months.usage_month = (select max(usage_month) from team_utilization_monthly)
        and {LISTED.format("team_utilization_monthly", "team")}
    order by expected_cost_usd desc nulls last, months.team
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
    "There is no list of teams. If you provide one (docs/seats.md), this tab shows seats, use and "
    "cost per team, and costs are charged per cost center."
)


def section(colors: Colors) -> Section:
    """Return the teams tab."""
    return Section(
        name="teams",
        title="Teams",
        question="What do teams use, and what do they cost?",
        blocks=[
            Table(
                name="team_list",
                title="Use and cost by team",
                window="{month} up to {as_of}, highest expected cost first",
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
                    Column(
                        "other_cost_usd",
                        "Tax and other",
                        "cents",
                        definition="Tax and adjustments on the bill. They belong to nobody, so "
                        "they are listed under (unassigned).",
                    ),
                    Column("total_cost_usd", "So far", "cents"),
                    Column(
                        "expected_cost_usd",
                        "Expected, whole month",
                        "usd",
                        "headline_figures.month_cost_usd",
                    ),
                    Column(
                        "cost_before_usd",
                        "Last month",
                        "cents",
                        "team_utilization_monthly.total_cost_usd",
                    ),
                ],
                empty=NO_TEAMS,
            ),
            Table(
                name="team_outlook",
                title="Expected overage by team",
                window="all of {month}",
                source="overage_outlook",
                query=OUTLOOK,
                columns=[
                    Column("team", "Team", "name"),
                    Column("seats", "Seats", "count"),
                    Column("overage_to_date_usd", "So far", "cents"),
                    Column("expected_overage_usd", "Expected", "cents"),
                    Column("overage_p80_usd", "Stays below (8 in 10)", "cents"),
                    Column("blocked_or_heading_seats", "Blocked or likely to be", "count"),
                ],
                empty=NO_TEAMS,
            ),
        ],
    )
