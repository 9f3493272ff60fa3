"""The charts in the models section."""

from __future__ import annotations

from .. import charts
from ..charts import Colors

KIND_COLORS = {
    "chosen by Kiro (auto)": "#0072b2",
    "chosen by the user": "#e69f00",
    "not in the catalog": "#cc79a7",
    "not reported": "#9aa0a6",
}


def shares_over_time(field: str, colors: dict[str, str], title: str) -> dict:
    """Return one bar per week, with the share of each value of `field`."""
    bars = charts.weekly("share", "Share of messages", ".0%")
    bars["encoding"]["y"]["scale"] = {"domain": [0, 1]}
    return {
        "height": 300,
        "transform": [*_shares("week", field, colors), *bars["transform"]],
        "mark": bars["mark"],
        "encoding": {
            **bars["encoding"],
            "color": charts.color(field, colors),
            "tooltip": [
                charts.tip("week", "Week ending", kind="temporal"),
                charts.tip(field, title, kind="nominal"),
                charts.tip("share", "Share", ".1%"),
                charts.tip("messages", "Messages", ","),
            ],
        },
    }


def shares_by(field: str, title: str, names: list[str], colors: Colors) -> dict:
    """Return one bar per value of `field`, with each model's share."""
    return {
        "height": {"step": 34},
        "transform": [
            *_shares(field, "model", colors.models),
            charts.in_order(field, names, "place"),
        ],
        "mark": {"type": "bar"},
        "encoding": {
            "y": charts.name(field, sort={"field": "place", "op": "min"}),
            "x": charts.share("share", "Share of messages", stack="zero", scale={"domain": [0, 1]}),
            "color": charts.color("model", colors.models),
            "order": {"field": "rank"},
            "tooltip": [
                charts.tip(field, title, kind="nominal"),
                charts.tip("model", "Model", kind="nominal"),
                charts.tip("share", "Share", ".1%"),
                charts.tip("messages", "Messages", ","),
            ],
        },
    }


def ranges() -> dict:
    """Return each model's estimate as a point on a line for its range."""
    tooltip = [
        charts.tip("model", "Model", kind="nominal"),
        charts.tip("credits_per_message", "Credits per message", ".3f"),
        charts.tip("credits_per_message_p25", "Lower quartile", ".3f"),
        charts.tip("credits_per_message_p75", "Upper quartile", ".3f"),
        charts.tip("users", "Users", ","),
    ]
    names = charts.name("model", sort={"field": "credits_per_message", "order": "descending"})
    return {
        "height": {"step": 26},
        "encoding": {"y": names, "tooltip": tooltip},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 2, "color": charts.GREY},
                "encoding": {
                    "x": _credits("credits_per_message_p25", "Credits per message"),
                    "x2": {"field": "credits_per_message_p75"},
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 70, "color": charts.ACCENT},
                "encoding": {"x": _credits("credits_per_message", "Credits per message")},
            },
        ],
    }


def _shares(per: str, field: str, colors: dict[str, str]) -> list[dict]:
    return [
        {
            "aggregate": [{"op": "sum", "field": "messages", "as": "messages"}],
            "groupby": [per, field],
        },
        {
            "joinaggregate": [{"op": "sum", "field": "messages", "as": "all"}],
            "groupby": [per],
        },
        {"calculate": "datum.messages / datum.all", "as": "share"},
        charts.in_order(field, list(colors)),
    ]


def _credits(field: str, title: str) -> dict:
    axis = charts.amount(field, title, ".2~f")
    # Show ticks for fractions of a credit.
    del axis["axis"]["tickMinStep"]
    return axis
