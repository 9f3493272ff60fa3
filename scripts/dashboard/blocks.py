"""What a section of the page is made of: numbers, charts and tables, each with its query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .formats import UNKNOWN

ALL = "(all)"
# The filters of the page, and the columns that they choose by.
FILTERS = {"account": "account_id", "plan": "subscription_tier", "team": "team"}


@dataclass(frozen=True)
class Number:
    """One figure of a query's row. `source` is the table and column whose definition it shows."""

    name: str
    label: str
    format: str
    window: str
    source: str
    definition: str = ""
    # Column of the query, if not named like the number.
    column: str = ""
    # What stands for NULL.
    unknown: str = UNKNOWN
    # What stands where no row matches the filters.
    unmatched: str = UNKNOWN
    # Column with the same figure one period earlier, and what that period is called.
    before: str = ""
    period: str = ""
    # Why that period is unknown, in words of a query's row.
    not_compared: Callable[[dict], str] | None = None
    # Filters that it obeys, if not all that its query has columns of.
    by: tuple[str, ...] | None = None
    # What stands below it, and how sure it is, in words of a query's row; and what they need of it.
    detail: Callable[[dict], str] | None = None
    certainty: Callable[[dict], str] | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Numbers:
    """Figures of one query, a row per choice of the filters, with `(all)` for no choice.

    A query without a filter's column has figures that the filter does not change.
    """

    query: str
    numbers: list[Number]


@dataclass(frozen=True)
class Chart:
    """A Vega-Lite chart. The filters' columns and `date` obey the filters.

    A query with rows of account `(all)` shows those when no account is chosen, and adds up none.
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
    """A column of a table, and the column of a public table that defines it."""

    name: str
    label: str
    format: str = "text"
    source: str = ""
    definition: str = ""


@dataclass(frozen=True)
class Table:
    """A list, at most `limit` rows of it on the page; the rest is in the extract of `source`.

    A row takes up to a kilobyte, and a page of ten megabytes is the most that opens quickly.
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
    """Small bars beside figures, month by month: rows of figure, period_end_date and value."""

    name: str
    query: str


@dataclass(frozen=True)
class Ranking:
    """What has the largest amounts for the filters chosen: rows of label, seats and amount_usd."""

    name: str
    title: str
    window: str
    source: str
    query: str
    amount: str
    empty: str
    top: int = 5


@dataclass(frozen=True)
class Section:
    """A tab of the page; its template lays the blocks out by their names."""

    name: str
    title: str
    question: str
    blocks: list[Numbers | Chart | Table | Trends | Ranking]
    # A query that says whether the section is shown at all, by the rows it has.
    shown_if: str = ""
    notes: list[str] = field(default_factory=list)


# What tells a seat of a table with its ids: in a query, and the columns of a list.
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
    one more column that there shall be a row of.
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
