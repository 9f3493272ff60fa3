"""Formats the values of numbers and tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

UNKNOWN = "–"


def _day(value: date) -> str:
    return f"{value.day} {value:%b %Y}"


def _dollars(value: Any, decimals: int) -> str:
    return f"{'-' if value < 0 else ''}${abs(value):,.{decimals}f}"


FORMATS: dict[str, Callable[[Any], str]] = {
    "count": lambda value: f"{value:,.0f}",
    "tenths": lambda value: f"{value:,.1f}",
    "credits": lambda value: f"{value:,.0f}",
    "days": lambda value: f"{value:,g}",
    "usd": lambda value: _dollars(value, 0),
    "cents": lambda value: _dollars(value, 2),
    "share": lambda value: f"{100 * value:.1f} %",
    "points": lambda value: f"{100 * value:+.1f} pts".replace("-", "−"),
    "multiplier": lambda value: f"{value:g} ×",
    "score": lambda value: f"{value:.3f}",
    "text": str,
    "name": str,
    "date": _day,
    "month": lambda value: f"{value:%b %Y}",
    "time": lambda value: f"{_day(value)}, {value:%H:%M} UTC",
}

# Formats that are right-aligned.
FIGURES = {
    "count",
    "tenths",
    "credits",
    "days",
    "usd",
    "cents",
    "share",
    "points",
    "multiplier",
    "score",
}


def written(value: object, kind: str, unknown: str = UNKNOWN) -> str:
    """Return `value` as shown on the page; `unknown` for NULL."""
    return unknown if value is None else FORMATS[kind](value)


def sortable(value: object) -> str:
    """Return the sort key of `value`: plain numbers, ISO dates, lowercase."""
    if value is None:
        return ""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value).lower()


def trend(months: list[dict] | None, kind: str) -> dict:
    """Return the text, sort key and bars (in percent) for a list of monthly values.

    Shares have the same scale in all rows, and amounts have a scale for each row. Rows are sorted
    by the last known month.
    """
    known = [month for month in months or [] if month["value"] is not None]
    most = 1 if kind == "share" else max([month["value"] for month in known], default=0)
    return {
        "text": ", ".join(
            f"{written(month['month'], 'month')}: {written(month['value'], kind)}"
            for month in known
        )
        or UNKNOWN,
        "sort": sortable(known[-1]["value"]) if known else "",
        "bars": [
            round(100 * max(month["value"] or 0, 0) / most) if most > 0 else 0
            for month in (months or [] if known else [])
        ],
    }


def change(value: Any, before: Any, kind: str, period: str, reason: str = "it is not known") -> str:
    """Return a figure's change in words, or the `reason` why the change is unknown."""
    if value is None:
        return ""
    if before is None:
        return f"not compared with {period}: {reason}".removesuffix(": ")
    difference = value - before
    if difference == 0:
        return f"same as {period}"
    sign = "+" if difference > 0 else "−"
    if kind == "share":
        return f"{sign}{abs(100 * difference):.1f} points from {period}"
    relative = ""
    if before:
        percent = abs(100 * difference / before)
        relative = f" ({sign}{percent:.{1 if percent < 0.95 else 0}f} %)"
    return f"{sign}{written(abs(difference), kind)}{relative} from {period}"
