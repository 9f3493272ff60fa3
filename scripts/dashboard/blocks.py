"""The building blocks of a section: numbers, charts and tables, each with its query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .formats import UNKNOWN

ALL = "(all)"
# The page's filters and the columns they apply to.
FILTERS = {"account": "account_id", "plan": "subscription_tier", "team": "team"}


@dataclass(frozen=True)
class Number:
    """A figure from a query's row. `source` is the table and column that define it."""

    name: str
    label: str
    format: str
    window: str
    source: str
    definition: str = ""
    # Query column, if not the same as `name`.
    column: str = ""
    # Shown for NULL.
    unknown: str = UNKNOWN
    # Reason shown next to a NULL.
    not_known: str = ""
    # Shown if no row matches the filters.
    unmatched: str = UNKNOWN
    # Column with the figure for the previous period, and that period's name.
    before: str = ""
    period: str = ""
    # Returns why the previous period is unknown, from the query's row.
    not_compared: Callable[[dict], str] | None = None
    # Filters that apply; by default, all those the query has columns for.
    by: tuple[str, ...] | None = None
    # Detail and certainty shown under the figure, and the query columns they need.
    detail: Callable[[dict], str] | None = None
    certainty: Callable[[dict], str] | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Numbers:
    """Figures from one query, which has a row per combination of filter values, or `(all)`.

    If the query lacks a filter's column, that filter does not change the figures.
    """

    query: str
    numbers: list[Number]


@dataclass(frozen=True)
class Chart:
    """A Vega-Lite chart. Filters apply to their columns, and the period filter to `date`.

    Rows for account `(all)`, if the query has any, are shown when no account is selected.
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
    # Column of `source` that defines what is shown.
    definition: str = ""


@dataclass(frozen=True)
class Column:
    """A table column, and the public column that defines it."""

    name: str
    label: str
    format: str = "text"
    source: str = ""
    definition: str = ""
    # The values are lists of {month, value}, shown as small bars.
    is_trend: bool = False
    # Query column with the name of the block that the cell links to.
    place: str = ""


@dataclass(frozen=True)
class Table:
    """A list with up to `limit` rows on the page; the extract of `source` has all rows.

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
    """Small monthly bars next to figures. The query returns figure, period_end_date and value."""

    name: str
    query: str


@dataclass(frozen=True)
class Ranking:
    """What to do: label, confidence, seats, saved_usd and cost_usd per combination of filters."""

    name: str
    title: str
    window: str
    source: str
    query: str
    empty: str


@dataclass(frozen=True)
class Section:
    """A tab of the page; its template arranges the blocks by name."""

    name: str
    title: str
    question: str
    blocks: list[Numbers | Chart | Table | Trends | Ranking]
    # The section is shown only if this query returns rows.
    shown_if: str = ""
    notes: list[str] = field(default_factory=list)


# The columns that identify a seat: as SQL for a query, and as table columns.
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
    Column("person", "Person", "name", definition="First characters of the user id."),
    Column("account_id", "Account", "name"),
    Column("subscription_tier", "Plan", "name"),
    Column("team", "Team", "name", "user_teams.team"),
]


def by_filters(
    measures: str, source: str, where: str = "true", per: str = "", by_team: bool = False
) -> str:
    """Return a query for `measures` from `source` for every choice of account, tier and team.

    `source` has the columns account_id and subscription_tier, and user_id if `by_team` is set.
    `per` is an additional column to group by.
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
