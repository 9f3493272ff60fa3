"""Vega-Lite helpers for scales and axes, and the page's colors."""

from __future__ import annotations

from dataclasses import dataclass

# Okabe and Ito's palette, which is safe for color-blind readers, with a darker yellow and a
# lighter black, so that both are visible on white and on dark gray.
PALETTE = [
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#d55e00",
    "#b3a000",
    "#7b6cc4",
    "#8c6d4f",
]
GREY = "#9aa0a6"
ACCENT = "#0072b2"
WARNING = "#d55e00"

STATE_COLORS = {
    "active": "#009e73",
    "new": "#56b4e9",
    "pending": "#7b6cc4",
    "slipping": "#b3a000",
    "idle": "#e69f00",
    "dormant": "#cc79a7",
    "stale": "#8c6d4f",
    "never_used": "#d55e00",
    "blocked": "#0072b2",
    "unknown_history": "#9aa0a6",
    "cancelled": "#c4c8cc",
}
STATUS_COLORS = {
    "delivered": "#009e73",
    "quiet": "#c4c8cc",
    "assumed quiet": "#e3e5e8",
    "missing": "#d55e00",
    "rejected": "#cc79a7",
}


@dataclass(frozen=True)
class Colors:
    """The colors of tiers, clients and models, in display order."""

    tiers: dict[str, str]
    clients: dict[str, str]
    models: dict[str, str]


def assigned(names: list[str], start: int = 0) -> dict[str, str]:
    """Return a color per name, starting at `start` in the palette; names in brackets are gray."""
    colors = {}
    taken = start
    for name in names:
        if name.startswith("(") and name.endswith(")"):
            colors[name] = "#c4c8cc" if name.startswith("(other") else GREY
        else:
            colors[name] = PALETTE[taken % len(PALETTE)]
            taken += 1
    return colors


def color(field: str, colors: dict[str, str], title: str | None = None, **more) -> dict:
    """Return a color channel with a fixed color per name."""
    return {
        "field": field,
        "type": "nominal",
        "title": title,
        "scale": {"domain": list(colors), "range": list(colors.values())},
        **more,
    }


def day(field: str, **more) -> dict:
    """Return a time axis in UTC for days."""
    return {
        "field": field,
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc", "nice": False},
        "axis": {
            "format": "%-d %b",
            "grid": False,
            "labelOverlap": True,
            "tickCount": {"interval": "month", "step": 1},
        },
        **more,
    }


def weekly(value: str, title: str, form: str = ",.0f", stacked_by: str = "rank") -> dict:
    """Return transforms, mark and axes for stacked bars, each one week wide.

    The gap between bars is a seventh of a week. Bars are stacked in the order of `stacked_by`.
    """
    return {
        "transform": [
            {"calculate": "datum.week - 6 * 86400000", "as": "week_start"},
            {
                "stack": value,
                "groupby": ["week"],
                "sort": [{"field": stacked_by}],
                "as": ["bottom", "top"],
            },
        ],
        "mark": {"type": "rect"},
        "encoding": {
            "x": day("week_start"),
            "x2": {"field": "week", "timeUnit": "utcyearmonthdate"},
            "y": amount("bottom", title, form),
            "y2": {"field": "top"},
        },
    }


def month(field: str) -> dict:
    """Return a time axis in UTC with a band per calendar month."""
    return {
        "field": field,
        "type": "ordinal",
        "timeUnit": "utcyearmonth",
        "title": None,
        "axis": {"format": "%b %Y", "labelAngle": 0, "labelOverlap": True},
    }


def in_order(field: str, names: list[str], rank: str = "rank") -> dict:
    """Return a transform that adds the position of `field` in `names`, to sort by it.

    Vega would turn a list of names in `sort` into an expression that contains the names.
    """
    ranks = [{field: name, rank: number} for number, name in enumerate(names)]
    return {
        "lookup": field,
        "from": {"data": {"values": ranks}, "key": field, "fields": [rank]},
    }


def amount(field: str, title: str | None, form: str = ",.0f", **more) -> dict:
    """Return a quantity axis that starts at 0, with ticks at whole numbers if values are whole."""
    axis: dict[str, object] = {"format": form, "tickCount": 5}
    if "%" not in form:
        axis["tickMinStep"] = 1
    if ".0f" in form or form == "~s":
        # An axis that ends at 2 still has half ticks; their labels are dropped.
        axis["labelExpr"] = "datum.value == floor(datum.value) ? datum.label : ''"
    return {"field": field, "type": "quantitative", "title": title, "axis": axis, **more}


def share(field: str, title: str, **more) -> dict:
    """Return an axis for shares, labeled in percent."""
    return amount(field, title, ".0%", **more)


def name(field: str, title: str | None = None, **more) -> dict:
    """Return an axis for names."""
    return {"field": field, "type": "nominal", "title": title, **more}


def tip(field: str, title: str, form: str = "", kind: str = "quantitative", **more) -> dict:
    """Return a tooltip line."""
    line = {"field": field, "title": title, "type": kind, **more}
    if kind == "temporal":
        # Without a UTC unit, Vega shows the day in the reader's time zone.
        line |= {"timeUnit": "utcyearmonthdate", "format": form or "%-d %b %Y"}
    elif form:
        line["format"] = form
    return line
