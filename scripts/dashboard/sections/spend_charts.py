"""The charts on the spend tab."""

from __future__ import annotations

from .. import charts

METHODS = {"this forecast": "#0072b2", "pace so far": "#e69f00", "same as last month": "#9aa0a6"}


def fan() -> dict:
    """Return lines for actual and expected cost, with the forecast range."""
    day = charts.tip("activity_date", "Day", kind="temporal")
    past = [day, charts.tip("overage_to_date_usd", "so far", "$,.2f")]
    ahead = [
        day,
        charts.tip("expected_overage_usd", "expected", "$,.2f"),
        *(
            charts.tip(f"overage_p{share}_usd", f"below, {share} % sure", "$,.2f")
            for share in (10, 20, 80, 90)
        ),
    ]
    axis = charts.amount("overage_p90_usd", "Overage, USD", "$,.0f")
    colors = {
        "so far": charts.ACCENT,
        "expected": charts.WARNING,
        "60 % range": "#e9a06f",
        "80 % range": "#f4cfb5",
    }
    return {
        "height": 300,
        "encoding": {
            "x": {
                **charts.day("activity_date"),
                "axis": {"format": "%-d %b", "grid": False, "labelOverlap": True},
            },
            "color": {
                "type": "nominal",
                "title": None,
                "scale": {"domain": list(colors), "range": list(colors.values())},
            },
        },
        "layer": [
            *(
                {
                    "mark": {"type": "area"},
                    "encoding": {
                        "y": {**axis, "field": high},
                        "y2": {"field": low},
                        "color": {"datum": label},
                        "tooltip": ahead,
                    },
                }
                for low, high, label in (
                    ("overage_p10_usd", "overage_p90_usd", "80 % range"),
                    ("overage_p20_usd", "overage_p80_usd", "60 % range"),
                )
            ),
            *(
                {
                    "mark": {"type": "line", "strokeWidth": 2.5, **dash},
                    "encoding": {
                        "y": {**axis, "field": field},
                        "color": {"datum": label},
                        "tooltip": tooltip,
                    },
                }
                for field, label, tooltip, dash in (
                    ("expected_overage_usd", "expected", ahead, {"strokeDash": [5, 3]}),
                    ("overage_to_date_usd", "so far", past, {}),
                )
            ),
        ],
    }


def range_of_the_month() -> dict:
    """Return one bar per month; this month also has the expected cost and range."""
    tooltip = [
        charts.tip("usage_month", "Month", "%b %Y", "temporal"),
        charts.tip("overage_cost_usd", "Overage", "$,.2f"),
        charts.tip("expected_overage_usd", "Expected", "$,.2f"),
        charts.tip("overage_p80_usd", "Stays below (80 % sure)", "$,.2f"),
    ]
    cost = charts.amount("overage_cost_usd", "Overage, USD", "$,.0f")
    this_month = {"filter": "isValid(datum.expected_overage_usd)"}
    return {
        "height": 260,
        "encoding": {
            "x": charts.month("usage_month"),
            "color": {
                "type": "nominal",
                "title": None,
                "scale": {
                    "domain": ["so far", "below this, 80 % sure", "expected"],
                    "range": [charts.ACCENT, "#f0c09a", charts.WARNING],
                },
            },
            "tooltip": tooltip,
        },
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadiusEnd": 2},
                "encoding": {"y": cost, "color": {"datum": "so far"}},
            },
            {
                "transform": [this_month],
                "mark": {"type": "bar"},
                "encoding": {
                    "y": cost,
                    "y2": {"field": "overage_p80_usd"},
                    "color": {"datum": "below this, 80 % sure"},
                },
            },
            {
                "transform": [this_month],
                "mark": {"type": "tick", "thickness": 3, "bandSize": 40},
                "encoding": {
                    "y": charts.amount("expected_overage_usd", None, "$,.0f"),
                    "color": {"datum": "expected"},
                },
            },
        ],
    }


def exhaustion() -> dict:
    """Return the number of seats that use up their allowance on each day."""
    return {
        "height": 220,
        "transform": [{"calculate": "utcdate(datum.exhaustion_date)", "as": "day_of_month"}],
        "mark": {"type": "bar"},
        "encoding": {
            "x": {
                "field": "day_of_month",
                "type": "ordinal",
                "title": "Day of the month",
                "axis": {"labelAngle": 0, "labelOverlap": True},
                "scale": {"domain": list(range(1, 32))},
            },
            "y": charts.amount("seats", "Seats", aggregate="sum"),
            "color": charts.color(
                "then",
                {"is blocked": "#0072b2", "costs overage": "#e69f00"},
                "Then the seat",
            ),
            "opacity": {
                "field": "evidence",
                "type": "ordinal",
                "sort": ["reported", "forecast"],
                "title": "Basis",
                "legend": {"symbolFillColor": charts.GREY, "symbolType": "square"},
                "scale": {"domain": ["reported", "forecast"], "range": [1, 0.5]},
            },
            "tooltip": [
                charts.tip("exhaustion_date", "Day", kind="temporal"),
                charts.tip("then", "Then the seat", kind="nominal"),
                charts.tip("evidence", "Basis", kind="nominal"),
                charts.tip("seats", "Seats", ",", aggregate="sum"),
            ],
        },
    }


def accuracy() -> dict:
    """Return the error of each forecast method, by day of the forecast."""
    return {
        "height": 240,
        "mark": {"type": "line", "point": {"size": 60, "filled": True}},
        "encoding": {
            "x": {
                "field": "origin_day",
                "type": "quantitative",
                "title": "Day of the month of the forecast",
                "axis": {"tickMinStep": 1, "grid": False},
                "scale": {"nice": False},
            },
            "y": charts.share("wape", "Error, share of credits"),
            "color": charts.color("method", METHODS),
            "tooltip": [
                charts.tip("method", "Method", kind="nominal"),
                charts.tip("origin_day", "Made on day", "d"),
                charts.tip("wape", "Error", ".1%"),
                charts.tip("bias", "Too high by", ".1%"),
                charts.tip("brier_score", "Brier score", ".3f"),
            ],
        },
    }
