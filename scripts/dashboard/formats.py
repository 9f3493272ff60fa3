"""How numbers and tables format values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

UNKNOWN = "–"


def _day(value: date) -> str:
    return f"{value.day} {value:%b %Y}"


FORMATS: dict[str, Callable[[Any], str]] = {
    "count": lambda value: f"{value:,.0f}",
    "tenths": lambda value: f"{value:,.1f}",
    "credits": lambda value: f"{value:,.0f}",
    "usd": lambda value: f"${value:,.0f}",
    "cents": lambda value: f"${value:,.2f}",
    "share": lambda value: f"{100 * value:.1f} %",
    "points": lambda value: f"{100 * value:+.1f} pts",
    "multiplier": lambda value: f"{value:g} ×",
    "score": lambda value: f"{value:.3f}",
    "text": str,
    "name": str,
    "date": _day,
    "month": lambda value: f"{value:%b %Y}",
    "time": lambda value: f"{_day(value)}, {value:%H:%M} UTC",
}

# Formats that are right-aligned.
FIGURES = {"count", "tenths", "credits", "usd", "cents", "share", "points", "multiplier", "score"}


def written(value: object, kind: str, unknown: str = UNKNOWN) -> str:
    """Return `value` as shown on the page; `unknown` for NULL."""
    return unknown if value is None else FORMATS[kind](value)


def sortable(value: object) -> str:
    """Return the sort key of `value`: plain numbers, ISO dates, lower case."""
    if value is None:
        return ""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value).lower()


def change(value: Any, before: Any, kind: str, period: str, reason: str = "it is not known") -> str:
    """Return how much a figure changed, in words, or the `reason` why that is unknown."""
    if value is None:
        return ""
    if before is None:
        return f"not compared with {period}: {reason}"
    difference = value - before
    if difference == 0:
        return f"same as {period}"
    sign = "+" if difference > 0 else "−"
    if kind == "share":
        return f"{sign}{abs(100 * difference):.1f} points from {period}"
    relative = f" ({sign}{abs(100 * difference / before):.0f} %)" if before else ""
    return f"{sign}{written(abs(difference), kind)}{relative} from {period}"
