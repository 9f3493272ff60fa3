"""The parts of a section of the page: numbers, charts and tables, each with its query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .formats import UNKNOWN

ALL = "(all)"
# The filters of the page, and the columns they filter by.
FILTERS = {"account": "account_id", "plan": "subscription_tier", "team": "team"}


@dataclass(frozen=True)
class Number:
    """One figure from a query's row. `source` is the table and column whose definition is shown."""

    name: str
    label: str
    format: str
    window: str
    source: str
    definition: str = ""
    # Column of the query, if its name differs from the number's.
    column: str = ""
    # Shown for NULL.
    unknown: str = UNKNOWN
    # Why it is NULL, if it is.
    not_known: str = ""
    # Shown where no row matches the filters.
    unmatched: str = UNKNOWN
    # Column with the same figure one period earlier, and the name of that period.
    before: str = ""
    period: str = ""
    # Why that period is unknown; may use columns of the query's row.
    not_compared: Callable[[dict], str] | None = None
    # Filters that apply, if not all those that the query has columns for.
    by: tuple[str, ...] | None = None
    # Detail and certainty shown under the figure, from the query's row, and the columns they need.
    detail: Callable[[dict], str] | None = None
    certainty: Callable[[dict], str] | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Numbers:
    """Figures of one query, with a row per combination of filter values, or `(all)`.

    If the query lacks a filter's column, that filter does not change the figures.
    """

    query: str
    numbers: list[Number]


@dataclass(frozen=True)
class Chart:
    """A Vega-Lite chart. The filters apply to their columns and to `date`.

    If the query has rows for account `(all)`, those are shown when no account is chosen.
    """

    name: str
    title: str
    window: str
    source: str
    query: str
    spec: dict
    note: str = ""
    empty: str = "There is nothing to show."
    date: str = ""
    # Column of `source` whose definition is shown.
    definition: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table, and the column of a public table with its definition."""

    name: str
    label: str
    format: str = "text"
    source: str = ""
    definition: str = ""
    # The values are lists of {month, value}, shown as small bars.
    is_trend: bool = False
    # Column of the query with the block that a cell links to.
    place: str = ""


@dataclass(frozen=True)
class Table:
    """A list with at most `limit` rows on the page; the extract of `source` has the rest.

    A row takes up to a kilobyte, and a page of more than ten megabytes opens slowly.
    """

    name: str
    title: str
    window: str
    source: str
    query: str
    columns: list[Column]
    note: str = ""
    empty: str = "There is nothing to show."
    limit: int = 1000
    date: str = ""


@dataclass(frozen=True)
class Trends:
    """Small monthly bars next to figures: rows of figure, period_end_date and value."""

    name: str
    query: str


@dataclass(frozen=True)
class Ranking:
    """What to do: rows of label, confidence, seats, saved_usd and cost_usd, by filter choice."""

    name: str
    title: str
    window: str
    source: str
    query: str
    empty: str


@dataclass(frozen=True)
class Section:
    """A tab of the page; its template lays the blocks out by their names."""

    name: str
    title: str
    question: str
    blocks: list[Numbers | Chart | Table | Trends | Ranking]
    # The section is shown only if this query returns rows.
    shown_if: str = ""
    notes: list[str] = field(default_factory=list)


# Describes a seat by its ids: SQL for a query, and the columns of a list.
SEAT = """
        (
            select any_value(page_seats.seat_no)
            from page_seats
            where
                page_seats.account_id = seats.account_id
                and page_seats.profile_id = seats.profile_id
                and page_seats.user_id = seats.user_id
        ) as seat_no,
        account_id,
        coalesce(subscription_tier, '(unknown)') as subscription_tier,
        person(user_id) as person,
        team_of(user_id) as team
"""
SEAT_COLUMNS = [
    Column("person", "Person", "name", definition="Beginning of the user id."),
    Column("account_id", "Account", "name"),
    Column("subscription_tier", "Plan", "name"),
    Column("team", "Team", "name", "user_teams.team"),
]


def by_filters(
    measures: str, source: str, where: str = "true", per: str = "", by_team: bool = False
) -> str:
    """Return a query of `measures` over `source` for every choice of account, tier and team.

    `source` has the columns account_id and subscription_tier, and user_id if `by_team`; `per` is
    one more column to group by.
    """
    shown = {
        "account_id": "shown_account(account_id)",
        "subscription_tier": "coalesce(subscription_tier, '(unknown)')",
    } | ({"team": "team_of(user_id)"} if by_team else {})
    choices = [f"chosen_{name}" for name in shown]
    more = f"{per}," if per else ""
    return f"""
        select
            {",".join(f"coalesce(chosen_{name}, '{ALL}') as {name}" for name in shown)},
            {more}
            {measures}
        from (
            select *, {",".join(f"{what} as chosen_{name}" for name, what in shown.items())}
            from {source}
        )
        where {where}
        group by {more} cube ({",".join(choices)})
    """
