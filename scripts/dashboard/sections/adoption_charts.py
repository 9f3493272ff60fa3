"""The charts in the adoption section."""

from __future__ import annotations

from .. import charts

OVERLAP_COLORS = {"one": "#56b4e9", "two": "#0072b2", "three or more": "#d55e00"}
WINDOW_COLORS = {"daily": "#56b4e9", "weekly": "#0072b2", "monthly": "#d55e00"}
USERS = charts.amount("users", "Users", aggregate="sum")


def active_users() -> dict:
    """Return a line per window, with gaps where days are unknown."""
    return {
        "height": 280,
        "transform": [
            {
                "fold": list(WINDOW_COLORS),
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
            "color": charts.color("active", WINDOW_COLORS),
            "tooltip": [
                charts.tip("activity_date", "Day", kind="temporal"),
                charts.tip("active", "Active", kind="nominal"),
                charts.tip("users", "Users", ","),
            ],
        },
    }


def retention() -> dict:
    """Return a heat map of first weeks and weeks since then."""
    return {
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
                # The theme sets the colors.
                "scale": {"domain": [0, 1]},
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
    }


def new_users() -> dict:
    """Return one bar per week."""
    return _weekly("new_users", "New users", [charts.tip("new_users", "New users", ",")])


def messages_by_client(colors: dict[str, str]) -> dict:
    """Return one bar per week, stacked by client."""
    return _weekly(
        "messages",
        "Messages",
        [
            charts.tip("client_type", "Client", kind="nominal"),
            charts.tip("messages", "Messages", ","),
        ],
        "client_type",
        colors,
    )


def clients_per_user() -> dict:
    """Return users by month, stacked by number of clients used."""
    return {
        "height": 240,
        **_by_clients_used(
            {"x": charts.month("usage_month"), "y": USERS},
            charts.tip("usage_month", "Month", "%b %Y", "temporal"),
        ),
    }


def clients_beside() -> dict:
    """Return users by client, stacked by number of clients used."""
    return {
        "height": {"step": 40},
        **_by_clients_used(
            {"y": charts.name("client_type"), "x": USERS},
            charts.tip("client_type", "Client", kind="nominal"),
        ),
    }


def _by_clients_used(axes: dict, label: dict) -> dict:
    return {
        "transform": [charts.in_order("clients", list(OVERLAP_COLORS))],
        "mark": {"type": "bar"},
        "encoding": {
            **axes,
            "color": charts.color("clients", OVERLAP_COLORS, "Clients used"),
            "order": {"field": "rank"},
            "tooltip": [
                label,
                charts.tip("clients", "Clients used", kind="nominal"),
                charts.tip("users", "Users", ",", aggregate="sum"),
            ],
        },
    }


def _weekly(
    value: str,
    title: str,
    tooltip: list[dict],
    by: str = "",
    colors: dict[str, str] | None = None,
) -> dict:
    bars = charts.weekly(value, title, "~s", "rank" if by else value)
    return {
        "height": 220,
        "transform": [
            {
                "aggregate": [{"op": "sum", "field": value, "as": value}],
                "groupby": ["week", *([by] if by else [])],
            },
            *([charts.in_order(by, list(colors))] if by and colors else []),
            *bars["transform"],
        ],
        "mark": bars["mark"],
        "encoding": {
            **bars["encoding"],
            "color": charts.color(by, colors) if by and colors else {"value": "#009e73"},
            "tooltip": [charts.tip("week", "Week ending", kind="temporal"), *tooltip],
        },
    }
