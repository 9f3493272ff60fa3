"""Builds the page: runs each block's query and fills in the templates."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import duckdb
import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .blocks import ALL, FILTERS, Chart, Column, Number, Numbers, Ranking, Section, Table, Trends
from .charts import Colors
from .formats import FIGURES, sortable, trend, written
from .people import NO_PANELS, panels
from .reading import PublicTables, plain
from .sections import SECTIONS
from .words import Words

HERE = Path(__file__).parent
# Errors caused by a query or by values of an unexpected type.
FAULTS = (duckdb.Error, KeyError, TypeError, ValueError, ArithmeticError)
Block = Numbers | Chart | Table | Trends | Ranking
VEGA_LITE_VERSION = "6.4"
# Columns with longer text are wide.
LONG_TEXT = 60


def render(tables: PublicTables, show_people: bool) -> tuple[str, list[str]]:
    """Return the page's HTML and the errors in its blocks."""
    colors = tables.colors()
    builder = PageBuilder(tables, colors)
    sections = [built for module in SECTIONS if (built := builder.section(module.section(colors)))]
    people = builder.people(show_people)
    bundle, script = vega_bundle(), (HERE / "assets/page.js").read_text()
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    html = environment.get_template("index.html.j2").render(
        sections=sections,
        as_of=builder.as_of,
        month_before=builder.words.names["month_before"],
        choices={
            "Account": builder.accounts,
            "Plan": list(colors.tiers),
            "Team": builder.teams,
        },
        personal_data=tables.one(
            "select max(setting_value) from report_settings where setting = 'personal_data'"
        ),
        show_people=show_people,
        # Allows no other script to run, whatever the reports contain.
        script_hashes=[_hash(bundle), _hash(script)],
        bundle=Markup(bundle),  # noqa: S704 - a pinned package
        script=Markup(script),  # noqa: S704 - the project's own
        style=Markup((HERE / "assets/style.css").read_text()),  # noqa: S704 - the project's own
        data={
            "as_of": builder.words.as_of.isoformat(),
            "stale_days": tables.one(
                "select max(setting_value)::double from report_settings"
                " where setting = 'alert_stale_days'"
            ),
            "numbers": builder.numbers,
            "scopes": [
                [_words(choices) for choices in zip(*map(json.loads, keys), strict=True)]
                for keys in builder.scopes
            ],
            "charts": builder.charts,
            "datasets": builder.datasets,
            # Lists may contain more people than the page has panels for.
            "last_person": max(map(int, people["panels"]), default=0),
        },
        people=people,
    )
    return html, builder.faults


@cache
def vega_bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script that sets `vegaEmbed` and `vega`."""
    # The type stub omits the default value of the snippet argument.
    return vl_convert.javascript_bundle(vl_version=VEGA_LITE_VERSION)  # type: ignore[call-arg]


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


class PageBuilder:
    """Runs the sections' queries and collects the data for the page's script."""

    def __init__(self, tables: PublicTables, colors: Colors):
        self.tables = tables
        self.accounts = tables.accounts()
        self.teams = tables.teams()
        self.words = Words(tables)
        self.as_of = self.words.names["as_of"]
        self.numbers: dict[str, dict] = {}
        self.charts: dict[str, dict] = {}
        self.datasets: dict[str, dict] = {}
        self.faults: list[str] = []
        # Filter choices for which there is text; figures from the same query share them.
        self.scopes: dict[tuple[str, ...], int] = {}
        self.seats: set[int] = set()
        self._dataset_of: dict[str, str] = {}
        self._rows_of: dict[str, int] = {}

    def section(self, section: Section) -> dict | None:
        """Return a section's template data, or None if there is nothing to show."""
        if section.shown_if and not (
            self.tables.has_tables_of(section.shown_if) and self.tables.rows(section.shown_if)
        ):
            return None
        blocks: dict[str, dict] = {}
        for block in section.blocks:
            if self.tables.has_tables_of(block.query):
                blocks |= self._shown(block, section.name)
        if not blocks:
            return None
        return {
            "name": section.name,
            "title": section.title,
            "question": section.question,
            "notes": section.notes,
            "blocks": blocks,
        }

    def _shown(self, block: Block, section: str) -> dict[str, dict]:
        """Return a block's template data by name; an error is shown in the block."""
        try:
            if isinstance(block, Numbers):
                rows = self.tables.rows(block.query)
                return {n.name: self._number(n, rows, section) for n in block.numbers}
            make: dict[type, Callable[[Any], dict]] = {
                Chart: self._chart,
                Ranking: self._ranking,
                Trends: self._trends,
            }
            return {block.name: make.get(type(block), self._table)(block)}
        except FAULTS as error:
            missing = f"there is no column {error}"
            reason = missing if isinstance(error, KeyError) else str(error).splitlines()[0]
        if isinstance(block, Numbers):
            self.faults += [f"{number.label}: {reason}" for number in block.numbers]
            return {n.name: self._number(n, [], section) for n in block.numbers}
        self.faults.append(f"{getattr(block, 'title', block.name)}: {reason}")
        if isinstance(block, Trends):
            return {}
        empty = f"This block could not be computed: {reason}"
        nothing = {"is_empty": True, "by": [], "by_date": False, "total": 0, "totals": {}}
        return {block.name: {**self._described(block), **nothing, "empty": empty}}

    def _definition(self, source: str) -> str:
        return plain(self.tables.definitions.get(source, ""))

    def _number(self, number: Number, rows: list[dict], section: str) -> dict:
        texts = {}
        for row in rows:
            texts[_key(row)] = self.words.of(number, row)
        has = self._by(rows[0] if rows else {})
        self.numbers[number.name] = {
            "by": has if number.by is None else [name for name in has if name in number.by],
            "scope": self.scopes.setdefault(tuple(texts), len(self.scopes)),
            "parts": [_words(part) for part in zip(*texts.values(), strict=True)],
            "unknown": self.words.filled(number.unknown),
            "unmatched": number.unmatched,
        }
        text, changed, detail, certainty = texts.get(
            _key({}), [self.words.filled(number.unknown), "", "", ""]
        )
        return {
            "name": number.name,
            "id": f"{section}-{number.name}",
            "label": self.words.filled(number.label),
            "text": text,
            "changed": changed,
            "detail": detail,
            "certainty": certainty,
            "window": self.words.filled(number.window),
            "definition": number.definition or self._definition(number.source),
            "source": number.source,
        }

    def _chart(self, block: Chart) -> dict:
        # Charts with the same query share its rows.
        dataset = self._dataset_of.get(block.query)
        if dataset is None:
            dataset = self._dataset_of[block.query] = block.name
            columns = self.tables.columns(f"from ({block.query}) order by all")
            self.datasets[dataset] = _packed(columns)
            self._rows_of[dataset] = len(next(iter(columns.values())))
        columns = self.datasets[dataset]
        self.charts[block.name] = {
            "dataset": dataset,
            "date": block.date,
            "spec": {
                **block.spec,
                "description": f"{block.title}: {self.words.filled(block.window)}",
            },
        }
        return {
            **self._described(block),
            "by": self._by(columns),
            "by_date": bool(block.date),
            "is_empty": not self._rows_of[dataset],
        }

    def _trends(self, block: Trends) -> dict:
        self.datasets[block.name] = _packed(
            self.tables.columns(f"from ({block.query}) order by all")
        )
        return {}

    def _ranking(self, block: Ranking) -> dict:
        columns = self.tables.columns(f"from ({block.query}) order by all")
        self.datasets[block.name] = _packed(columns)
        return {
            **self._described(block),
            "by": self._by(columns),
            "is_empty": not columns["label"],
        }

    def _table(self, block: Table) -> dict:
        rows = self.tables.rows(f"{block.query} limit {block.limit}")
        total = self.tables.one(f"select count(*) from ({block.query})")
        by = self._by(self.tables.columns(f"select * from ({block.query}) limit 0"))
        return {
            **self._described(block),
            "by": by,
            "by_date": bool(block.date),
            "is_empty": not rows,
            "total": total,
            "totals": self._totals(block, by) if total > len(rows) else {},
            "columns": [
                {
                    "label": column.label,
                    "is_figure": column.format in FIGURES,
                    "definition": column.definition
                    or self._definition(column.source or f"{block.source}.{column.name}"),
                }
                for column in block.columns
            ],
            "rows": [
                {
                    "seat": self._seat(row),
                    "choices": self._choices(row),
                    "date": sortable(row[block.date]) if block.date else "",
                    "cells": [
                        _cell(column, row[column.name]) | {"place": self._place(column, row)}
                        for column in block.columns
                    ],
                }
                for row in rows
            ],
        }

    def _place(self, column: Column, row: dict) -> str:
        """Return the block that a cell links to, filtered by the row's account and team."""
        place = row.get(column.place, "")
        listed = {"account": self.accounts, "team": self.teams}
        chosen = {
            name: choice
            for name, choices in listed.items()
            if (choice := row.get(FILTERS[name])) in choices
        }
        return f"{place}?{urlencode(chosen)}" if place and chosen else place

    def _seat(self, row: dict) -> str:
        """Return the seat number of a row, and add the seat's panel to the page."""
        number = row.get("seat_no")
        if number is None:
            return ""
        self.seats.add(number)
        return str(number)

    def people(self, show_people: bool) -> dict:
        """Return the panels for the listed seats; the script parses them when one opens."""
        try:
            return panels(self.tables, self.seats, show_people)
        except FAULTS as error:
            self.faults.append(f"People: {str(error).splitlines()[0]}")
            return NO_PANELS

    def _by(self, columns: dict) -> list[str]:
        """Return the filters that a query with these columns supports."""
        return [name for name, column in FILTERS.items() if column in columns]

    def _choices(self, row: dict) -> dict[str, str]:
        """Return a row's value for each filter."""
        choices = {}
        for name in self._by(row):
            value = row[FILTERS[name]] or "(unknown)"
            shown = {"account": self.accounts, "team": self.teams}.get(name)
            is_other = shown is not None and value not in (*shown, ALL)
            choices[name] = f"(other {name}s)" if is_other else value
        return choices

    def _totals(self, block: Table, by: list[str]) -> dict[str, int]:
        """Return the total number of rows per combination of filter values."""
        columns = ", ".join([*(FILTERS[name] for name in by), "count(*) as rows"])
        counts: Counter[str] = Counter()
        for row in self.tables.rows(f"select {columns} from ({block.query}) group by all"):
            options = [{ALL, choice} for choice in self._choices(row).values()]
            for chosen in product(*options):
                key = _key({FILTERS[name]: one for name, one in zip(by, chosen, strict=True)})
                counts[key] += row["rows"]
        return dict(counts)

    def _described(self, block: Chart | Table | Ranking) -> dict:
        definition = getattr(block, "definition", "")
        return {
            "name": block.name,
            "title": block.title,
            "window": self.words.filled(block.window),
            "note": getattr(block, "note", ""),
            "empty": block.empty,
            "source": block.source,
            "definition": self._definition(f"{block.source}.{definition}")
            if definition
            else self._definition(block.source),
        }


def _cell(column: Column, value: Any) -> dict:
    """Return a cell's template data."""
    if column.is_trend:
        return {"kind": "months", **trend(value, column.format)}
    text, sort = written(value, column.format), sortable(value)
    return {
        "text": text,
        # Without this key, the page's script sorts by the text.
        "sort": None if sort == text.lower() else sort,
        "kind": "figure"
        if column.format in FIGURES
        else "name"
        if column.format in ("name", "date", "month")
        else "long"
        if len(text) > LONG_TEXT
        else "",
        "bars": [],
    }


def _key(row: dict) -> str:
    """Return the key that the page's script uses for a row's filter values."""
    choices = [row.get(column) or ALL for column in FILTERS.values()]
    # Same format as JSON.stringify.
    return json.dumps(choices, ensure_ascii=False, separators=(",", ":"))


def _packed(columns: dict[str, list]) -> dict:
    """Return columns as compact JSON: each string is stored once and referenced by number."""
    packed: dict[str, Any] = {}
    for name, values in columns.items():
        plain = [_plain(value) for value in values]
        if any(isinstance(value, str) for value in plain):
            packed[name] = _words(plain)
            if any(isinstance(value, date) for value in values):
                packed[name]["is_date"] = True
        else:
            packed[name] = plain
    return packed


def _words(values: Sequence) -> dict:
    words = {word: number for number, word in enumerate(dict.fromkeys(values))}
    return {"words": list(words), "rows": [words[value] for value in values]}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else round(float(value), 6)
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
