"""How many people work with Kiro, who comes back, and with which client."""

from __future__ import annotations

from .. import charts
from ..blocks import Chart, Number, Numbers, Section
from ..charts import Colors

# A sum over accounts is unknown where that of one of them is.
FACTS = """
    select
        case when grouping(account) = 1 then '(all)' else account end as account_id,
        case when count(daily_active_users) = count(*) then sum(daily_active_users) end
            as daily_active_users,
        case when count(weekly_active_users) = count(*) then sum(weekly_active_users) end
            as weekly_active_users,
        case when count(monthly_active_users) = count(*) then sum(monthly_active_users) end
            as monthly_active_users,
        case
            when count(stickiness) = count(*)
                then sum(daily_active_users) / sum(monthly_active_users)
        end as stickiness
    from (select *, shown_account(account_id) as account from adoption_daily)
    where activity_date = as_of()
    group by grouping sets ((), (account))
"""
DAYS = """
    select
        shown_account(account_id) as account_id,
        activity_date,
        sum(daily_active_users) as daily,
        sum(weekly_active_users) as weekly,
        sum(monthly_active_users) as monthly
    from adoption_daily
    where activity_date > as_of() - 371
    group by all
"""
NEW = """
    select
        shown_account(account_id) as account_id,
        week_until(activity_date) as week,
        sum(new_users) as new_users
    from adoption_daily
    where activity_date > as_of() - 371
    group by all
    having sum(new_users) is not null
"""
RETENTION = """
    select
        cohort_week,
        weeks_since,
        cohort_users,
        retained_users,
        retention
    from retention_weekly
    where
        retention is not null
        and cohort_week > as_of() - 7 * 27
"""
CLIENTS = """
    select
        shown_account(account_id) as account_id,
        subscription_tier,
        week_until(activity_date) as week,
        client_type,
        sum(messages) as messages
    from model_mix_daily
    where activity_date > as_of() - 371
    group by all
    having sum(messages) > 0
"""
OVERLAP = """
    select
        account_id,
        usage_month,
        client_type,
        case clients_used when 1 then 'one' when 2 then 'two' else 'three or more' end as clients,
        sum(users) as users
    from (select * replace (shown_account(account_id) as account_id) from client_overlap_monthly)
    where {}
    group by all
"""
CLIENTS_PER_USER = OVERLAP.format("client_type = '(any)'")
CLIENTS_BESIDE = OVERLAP.format(
    "client_type <> '(any)' and usage_month = (select max(usage_month) from client_overlap_monthly)"
)
OVERLAP_COLORS = {"one": "#56b4e9", "two": "#0072b2", "three or more": "#d55e00"}
ACTIVE = {"daily": "#56b4e9", "weekly": "#0072b2", "monthly": "#d55e00"}


def section(colors: Colors) -> Section:
    """Return the section on adoption."""
    return Section(
        name="adoption",
        title="Adoption",
        question="How many people work with Kiro, and do they come back?",
        blocks=[
            Numbers(
                FACTS,
                [
                    _active("daily_active_users", "Active that day", "count", "{as_of}"),
                    _active(
                        "weekly_active_users", "Active in the week", "count", "7 days up to {as_of}"
                    ),
                    _active(
                        "monthly_active_users",
                        "Active in 28 days",
                        "count",
                        "28 days up to {as_of}",
                    ),
                    _active("stickiness", "Daily of monthly", "share", "{as_of}"),
                ],
            ),
            Chart(
                name="active_users",
                title="Daily, weekly and monthly active users",
                window="windows of 1, 7 and 28 days up to each day",
                source="adoption_daily",
                definition="monthly_active_users",
                query=DAYS,
                date="activity_date",
                note="Added up over accounts: who works in two counts twice. Gaps are days whose "
                "reports are missing.",
                spec={
                    "height": 280,
                    "transform": [
                        {
                            "fold": ["daily", "weekly", "monthly"],
                            "as": ["active", "users"],
                        },
                        {
                            "aggregate": [
                                {"op": "sum", "field": "users", "as": "users"},
                                {"op": "missing", "field": "users", "as": "unknown"},
                            ],
                            "groupby": ["activity_date", "active"],
                        },
                        {
                            "calculate": "datum.unknown > 0 ? null : datum.users",
                            "as": "users",
                        },
                    ],
                    "mark": {
                        "type": "line",
                        "strokeWidth": 2,
                        "invalid": "break-paths-show-path-domains",
                    },
                    "encoding": {
                        "x": charts.day("activity_date"),
                        "y": charts.amount("users", "Users"),
                        "color": charts.color("active", ACTIVE),
                        "tooltip": [
                            charts.tip("activity_date", "Day", kind="temporal"),
                            charts.tip("active", "Active", kind="nominal"),
                            charts.tip("users", "Users", ","),
                        ],
                    },
                },
            ),
            Chart(
                name="new_users",
                title="People who started",
                window="weeks of 7 days that end on the weekday of {as_of}",
                source="adoption_daily",
                definition="new_users",
                query=NEW,
                date="week",
                empty="Nobody can be told to be new yet: history must be 28 days old.",
                spec={
                    "height": 220,
                    **_weekly(
                        "new_users", "New users", [charts.tip("new_users", "New users", ",")]
                    ),
                },
            ),
            Chart(
                name="client_mix",
                title="Messages by client",
                window="weeks of 7 days that end on the weekday of {as_of}",
                source="model_mix_daily",
                definition="client_type",
                query=CLIENTS,
                date="week",
                spec={
                    "height": 220,
                    **_weekly(
                        "messages",
                        "Messages",
                        [
                            charts.tip("client_type", "Client", kind="nominal"),
                            charts.tip("messages", "Messages", ","),
                        ],
                        "client_type",
                        colors.clients,
                    ),
                },
            ),
            Chart(
                name="clients_per_user",
                title="Clients per person",
                window="per calendar month, the last one up to {as_of}",
                source="client_overlap_monthly",
                definition="clients_used",
                query=CLIENTS_PER_USER,
                date="usage_month",
                note="Added up over accounts: who works in two counts twice.",
                spec={
                    "height": 240,
                    **_stacked("usage_month", {"x": charts.month("usage_month")}, "y"),
                },
            ),
            Chart(
                name="client_overlap",
                title="Who uses a client beside others",
                window="{month} up to {as_of}",
                source="client_overlap_monthly",
                definition="users",
                query=CLIENTS_BESIDE,
                note="Users of several clients are in the bar of each.",
                spec={
                    "height": {"step": 40},
                    **_stacked("client_type", {"y": charts.name("client_type")}, "x"),
                },
            ),
            Chart(
                name="retention",
                title="Who came back",
                window="share of those who started in a week, by weeks since",
                source="retention_weekly",
                definition="retention",
                query=RETENTION,
                date="cohort_week",
                note="Blank: reports of the week are missing, or it is not over.",
                empty=(
                    "No cohort yet: people first seen in the first 28 days of history may have "
                    "started before it, and a week must have passed since."
                ),
                spec={
                    "height": {"step": 18},
                    "mark": {"type": "rect"},
                    "encoding": {
                        "x": {
                            "field": "weeks_since",
                            "type": "ordinal",
                            "title": "Weeks since the first active day",
                            "axis": {"labelAngle": 0, "labelOverlap": True, "orient": "top"},
                        },
                        "y": {
                            "field": "cohort_week",
                            "type": "ordinal",
                            "timeUnit": "utcyearmonthdate",
                            "title": None,
                            "axis": {"format": "%-d %b %Y", "labelOverlap": True},
                        },
                        "color": {
                            "field": "retention",
                            "type": "quantitative",
                            "title": None,
                            "scale": {"range": ["#dceaf5", "#0072b2"], "domain": [0, 1]},
                            "legend": {"format": ".0%"},
                        },
                        "tooltip": [
                            charts.tip("cohort_week", "Week of", kind="temporal"),
                            charts.tip("weeks_since", "Weeks since", "d"),
                            charts.tip("retention", "Came back", ".0%"),
                            charts.tip("retained_users", "Users", ","),
                            charts.tip("cohort_users", "of", ","),
                        ],
                    },
                },
            ),
        ],
    )


def _stacked(by: str, axis: dict, values: str) -> dict:
    """Return bars of users per `by`, stacked by the number of clients they use."""
    label = (
        charts.tip(by, "Month", "%b %Y", "temporal")
        if by == "usage_month"
        else charts.tip(by, "Client", kind="nominal")
    )
    return {
        "transform": [charts.in_order("clients", list(OVERLAP_COLORS))],
        "mark": {"type": "bar"},
        "encoding": {
            **axis,
            values: charts.amount("users", "Users", aggregate="sum"),
            "color": charts.color("clients", OVERLAP_COLORS, "Clients used"),
            "order": {"field": "rank"},
            "tooltip": [
                label,
                charts.tip("clients", "Clients used", kind="nominal"),
                charts.tip("users", "Users", ",", aggregate="sum"),
            ],
        },
    }


def _active(column: str, label: str, kind: str, window: str) -> Number:
    return Number(column, label, kind, window, f"adoption_daily.{column}")


def _weekly(
    value: str,
    title: str,
    tooltip: list[dict],
    by: str = "",
    colors: dict[str, str] | None = None,
) -> dict:
    bars = charts.weekly(value, title, "~s", "rank" if by else value)
    return {
        "transform": [
            {
                "aggregate": [{"op": "sum", "field": value, "as": value}],
                "groupby": ["week", *([by] if by else [])],
            },
            *([charts.in_order(by, list(colors))] if by else []),
            *bars["transform"],
        ],
        "mark": bars["mark"],
        "encoding": {
            **bars["encoding"],
            "color": charts.color(by, colors) if by else {"value": "#009e73"},
            "tooltip": [charts.tip("week", "Week up to", kind="temporal"), *tooltip],
        },
    }
