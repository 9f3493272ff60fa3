"""Use and cost by team."""

from __future__ import annotations

from ..blocks import Column, Section, Table
from ..charts import Colors
from ..headlines import figure, figures, value_of

# Compared costs exclude tax and adjustments, which cannot be assigned to a person. Without a list
# of teams, everybody is unassigned, and there is nothing to compare.
MONTHS = """
    select
        *,
        case
            when total_cost_usd is not null
                then coalesce(subscription_cost_usd, 0) + coalesce(overage_cost_usd, 0)
        end as cost_usd,
        usage_month = max(usage_month) over () as is_current
    from team_utilization_monthly
    where exists (
        select * from team_utilization_monthly where team not in ('(unassigned)', '(small groups)')
    )
"""
THIS_MONTH = f"""
    select
        team,
        {value_of("used_seats")} as used_seats,
        {value_of("used_share")} as used_share,
        {value_of("month_cost_usd")} as expected_cost_usd,
        {value_of("month_cost_usd", "previous_value")} as cost_before_usd,
        {value_of("team_budget_usd")} as budget_usd,
        {value_of("team_budget_left_usd")} as budget_left_usd
    from headline_figures
    where
        account_id = '(all)'
        and subscription_tier = '(all)'
        and period_end_date = as_of()
    group by team
"""
# Each team's last twelve months, including months without seats or costs.
LAST_YEAR = """
    (select team from months where is_current) as teams
    cross join (
        select distinct usage_month
        from months
        where usage_month > (select max(usage_month) from months) - interval 12 month
    ) as last_year
    left join months using (team, usage_month)
"""
# The cost so far depends on when bills arrive, so teams are ranked by the whole month's cost.
TEAMS = f"""
    with months as ({MONTHS}), this_month as ({THIS_MONTH}),
    trends as (
        select
            team,
            list({{'month': usage_month, 'value': cost_usd}} order by usage_month)
                filter (where not coalesce(is_current, false)) as costs_usd
        from {LAST_YEAR}
        group by team
    )
    select
        months.team,
        months.seats,
        this_month.cost_before_usd,
        this_month.expected_cost_usd,
        this_month.budget_usd,
        this_month.budget_left_usd,
        months.cost_usd,
        trends.costs_usd,
        months.other_cost_usd
    from months
    inner join trends using (team)
    left join this_month
        on months.team = this_month.team
    where months.is_current
    order by this_month.expected_cost_usd desc nulls last, months.team
"""
USE = f"""
    with months as ({MONTHS}), this_month as ({THIS_MONTH}),
    trends as (
        select
            team,
            list({{'month': usage_month, 'value': seats}} order by usage_month) as seats_by_month,
            list({{'month': usage_month, 'value': seat_utilization}} order by usage_month)
                as utilization_by_month
        from {LAST_YEAR}
        group by team
    )
    select
        months.team,
        months.people,
        months.seats,
        this_month.used_seats,
        this_month.used_share,
        months.credit_utilization,
        trends.seats_by_month,
        trends.utilization_by_month
    from months
    inner join trends using (team)
    left join this_month using (team)
    where months.is_current
    order by this_month.used_share nulls last, months.seats desc, months.team
"""
BY_MONTH = f"""
    select
        usage_month,
        team,
        seats,
        active_seats,
        seat_utilization,
        credit_utilization,
        subscription_cost_usd,
        overage_cost_usd,
        other_cost_usd,
        total_cost_usd
    from ({MONTHS})
    order by usage_month desc, total_cost_usd desc nulls last, team
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
    "cost by team, and costs are charged to cost centers."
)
WITHOUT_TAX = "Subscriptions and overage, without tax and other charges."


def section(colors: Colors) -> Section:
    """Return the teams tab."""
    return Section(
        name="teams",
        title="Teams",
        question="What do teams use and cost, and how much of their budgets is left?",
        blocks=[
            figures(
                figure(
                    "team_budget_usd",
                    "Budget",
                    "{month}, all teams or one team",
                    unknown="none set",
                ),
                figure("team_budget_left_usd", "Expected to be left", "at the end of {month}"),
            ),
            Table(
                name="team_list",
                title="Cost by team",
                window="{month}, charged up to {as_of}; highest expected cost first",
                source="team_utilization_monthly",
                query=TEAMS,
                columns=[
                    Column("team", "Team", "name"),
                    Column("seats", "Seats", "count"),
                    Column(
                        "cost_before_usd",
                        "Last month",
                        "usd",
                        definition="List prices of the seats plus reported overage, without tax: "
                        "calculated like the expected cost, so that the two can be compared.",
                    ),
                    Column(
                        "expected_cost_usd",
                        "This month, expected",
                        "usd",
                        "headline_figures.month_cost_usd",
                    ),
                    Column("budget_usd", "Budget", "usd", "headline_figures.team_budget_usd"),
                    Column(
                        "budget_left_usd", "Left", "usd", "headline_figures.team_budget_left_usd"
                    ),
                    Column("cost_usd", "Charged so far", "cents", definition=WITHOUT_TAX),
                    Column(
                        "costs_usd",
                        "Charged by month",
                        "usd",
                        definition="Subscriptions and overage charged by month, without tax, for "
                        "up to eleven past months. Each row has its own scale.",
                        is_trend=True,
                    ),
                    Column("other_cost_usd", "Tax and other", "cents"),
                ],
                note="Last month, this month, and the budget are comparable: seats at list prices "
                "plus overage, without tax. Charged amounts come from the bill if there is one. "
                "Tax cannot be assigned to a person, so it is under (unassigned). Set budgets with "
                "team_budgets_usd. The budget for all teams is set separately, so it may differ "
                "from the sum of the teams' budgets.",
                empty=NO_TEAMS,
            ),
            Table(
                name="team_use",
                title="Seats and use by team",
                window="{month} up to {as_of}, least used first",
                source="team_utilization_monthly",
                query=USE,
                columns=[
                    Column("team", "Team", "name"),
                    Column("people", "People", "count"),
                    Column("seats", "Seats", "count"),
                    Column("used_seats", "Used", "count", "headline_figures.used_seats"),
                    Column("used_share", "Seats used", "share", "headline_figures.used_share"),
                    Column("credit_utilization", "Allowance used", "share"),
                    Column(
                        "seats_by_month",
                        "Seats by month",
                        "count",
                        definition="Seats by month, for up to twelve months. Each row has its own "
                        "scale.",
                        is_trend=True,
                    ),
                    Column(
                        "utilization_by_month",
                        "Seats active by month",
                        "share",
                        definition="Share of seats, including new ones, with an active day in "
                        "the last 30 days of the month, for up to twelve months, 0 to 100 %.",
                        is_trend=True,
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
                    Column("seats", "Seats in reports", "count"),
                    Column("overage_to_date_usd", "So far", "cents"),
                    Column("expected_overage_usd", "Expected", "cents"),
                    Column("overage_p80_usd", "Stays below (80 % sure)", "cents"),
                    Column("blocked_or_heading_seats", "Blocked or likely to be blocked", "count"),
                ],
                empty=NO_TEAMS,
            ),
            Table(
                name="team_months",
                title="Teams month by month",
                window="newest month first; the latest month up to {as_of}",
                source="team_utilization_monthly",
                query=BY_MONTH,
                date="usage_month",
                columns=[
                    Column("usage_month", "Month", "month"),
                    Column("team", "Team", "name"),
                    Column("seats", "Seats", "count"),
                    Column("active_seats", "Active, including new seats", "count"),
                    Column("seat_utilization", "Share active", "share"),
                    Column("credit_utilization", "Allowance used", "share"),
                    Column("subscription_cost_usd", "Subscriptions", "cents"),
                    Column("overage_cost_usd", "Overage", "cents"),
                    Column("other_cost_usd", "Tax and other", "cents"),
                    Column("total_cost_usd", "Total", "cents"),
                ],
                empty=NO_TEAMS,
            ),
        ],
    )
