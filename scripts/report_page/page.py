"""The page put together: every block's query, its rows, and the templates around them."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .blocks import ALL, Chart, Number, Numbers, Section, Table
from .charts import Colors
from .formats import FIGURES, change, sortable, written
from .reading import PublicTables
from .sections import SECTIONS

HERE = Path(__file__).parent
VEGA_LITE_VERSION = "6.4"


def render(tables: PublicTables, show_people: bool) -> str:
    """Return the page's HTML."""
    colors = tables.colors()
    builder = PageBuilder(tables, colors)
    sections = [built for module in SECTIONS if (built := builder.section(module.section(colors)))]
    bundle, script = vega_bundle(), (HERE / "assets/page.js").read_text()
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("index.html.j2").render(
        sections=sections,
        as_of=builder.as_of,
        accounts=tables.accounts(),
        tiers=list(colors.tiers),
        personal_data=tables.one(
            "select max(setting_value) from report_settings where setting = 'personal_data'"
        ),
        show_people=show_people,
        # Only these two scripts run, whatever the reports contain.
        script_hashes=[_hash(bundle), _hash(script)],
        bundle=Markup(bundle),  # noqa: S704 - a pinned package
        script=Markup(script),  # noqa: S704 - the project's own
        style=Markup((HERE / "assets/style.css").read_text()),  # noqa: S704 - the project's own
        data={
            "as_of": builder.as_of_date.isoformat(),
            "numbers": builder.numbers,
            "charts": builder.charts,
            "datasets": builder.datasets,
        },
    )


@cache
def vega_bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script that sets `vegaEmbed` and `vega`."""
    return vl_convert.javascript_bundle(vl_version=VEGA_LITE_VERSION)


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


class PageBuilder:
    """Runs the queries of sections and keeps what the page's script needs of them."""

    def __init__(self, tables: PublicTables, colors: Colors):
        self.tables = tables
        self.accounts = set(tables.accounts())
        self.as_of_date: date = tables.one("select as_of()")
        self.as_of = written(self.as_of_date, "date")
        self.month = f"{self.as_of_date:%B %Y}"
        self.numbers: dict[str, dict] = {}
        self.charts: dict[str, dict] = {}
        self.datasets: dict[str, dict] = {}
        self._dataset_of: dict[str, str] = {}

    def section(self, section: Section) -> dict | None:
        """Return what the templates show of a section; None if it has nothing to show."""
        if section.shown_if and not (
            self.tables.has_tables_of(section.shown_if) and self.tables.rows(section.shown_if)
        ):
            return None
        blocks = {}
        for block in section.blocks:
            if not self.tables.has_tables_of(block.query):
                continue
            if isinstance(block, Numbers):
                for number, shown in self._numbers(block):
                    blocks[number.name] = shown
            elif isinstance(block, Chart):
                blocks[block.name] = self._chart(block)
            else:
                blocks[block.name] = self._table(block)
        if not blocks:
            return None
        return {
            "name": section.name,
            "title": section.title,
            "question": section.question,
            "notes": section.notes,
            "blocks": blocks,
        }

    def _words(self, text: str) -> str:
        return text.replace("{as_of}", self.as_of).replace("{month}", self.month)

    def _definition(self, source: str) -> str:
        return self.tables.definitions.get(source) or ""

    def _numbers(self, block: Numbers) -> list[tuple[Number, dict]]:
        rows = self.tables.rows(block.query)
        shown = []
        for number in block.numbers:
            column = number.column or number.name
            texts = {}
            for row in rows:
                key = f"{row.get('account_id', ALL)}|{row.get('subscription_tier', ALL)}"
                value = row[column]
                texts[key] = [
                    written(value, number.format, number.unknown),
                    change(value, row[number.before], number.format, number.period)
                    if number.before
                    else "",
                ]
            self.numbers[number.name] = {
                "by_account": bool(rows) and "account_id" in rows[0],
                "by_tier": bool(rows) and "subscription_tier" in rows[0],
                "texts": texts,
                "unknown": number.unknown,
            }
            text, changed = texts.get(f"{ALL}|{ALL}", [number.unknown, ""])
            shown.append(
                (
                    number,
                    {
                        "kind": "number",
                        "name": number.name,
                        "label": number.label,
                        "text": text,
                        "changed": changed,
                        "window": self._words(number.window),
                        "definition": number.definition or self._definition(number.source),
                        "source": number.source,
                    },
                )
            )
        return shown

    def _chart(self, block: Chart) -> dict:
        # Charts of the same rows share them.
        dataset = self._dataset_of.get(block.query)
        if dataset is None:
            dataset = self._dataset_of[block.query] = block.name
            self.datasets[dataset] = _packed(self.tables.columns(block.query))
        columns = self.datasets[dataset]
        self.charts[block.name] = {
            "dataset": dataset,
            "date": block.date,
            "spec": {**block.spec, "description": f"{block.title}: {self._words(block.window)}"},
        }
        return {
            **self._described(block),
            "kind": "chart",
            "by_account": "account_id" in columns,
            "by_tier": "subscription_tier" in columns,
            "is_empty": not any(len(_unpacked_length(column)) for column in columns.values()),
        }

    def _table(self, block: Table) -> dict:
        rows = self.tables.rows(f"select * from ({block.query}) limit {block.limit}")
        total = self.tables.one(f"select count(*) from ({block.query})")
        by_account, by_tier = self._filterable(block)
        return {
            **self._described(block),
            "kind": "table",
            "by_account": by_account,
            "by_tier": by_tier,
            "by_date": bool(block.date),
            "is_empty": not rows,
            "total": total,
            "totals": self._totals(block, by_account, by_tier) if total > len(rows) else {},
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
                    "account": self._choice(row.get("account_id")),
                    "tier": row.get("subscription_tier") or "(unknown)",
                    "date": sortable(row[block.date]) if block.date else "",
                    "cells": [
                        {
                            "text": written(row[column.name], column.format),
                            "sort": sortable(row[column.name]),
                            "is_figure": column.format in FIGURES,
                            "is_name": column.format in ("name", "date", "month"),
                        }
                        for column in block.columns
                    ],
                }
                for row in rows
            ],
        }

    def _filterable(self, block: Table) -> tuple[bool, bool]:
        names = self.tables.columns(f"select * from ({block.query}) limit 0")
        return "account_id" in names, "subscription_tier" in names

    def _choice(self, account: str | None) -> str:
        return account if account in self.accounts or account == ALL else "(other accounts)"

    def _totals(self, block: Table, by_account: bool, by_tier: bool) -> dict[str, int]:
        """Return how many rows there are in all per choice of the filters."""
        account = "account_id" if by_account else f"'{ALL}'"
        tier = "coalesce(subscription_tier, '(unknown)')" if by_tier else f"'{ALL}'"
        counts = Counter()
        for row in self.tables.rows(
            f"select {account} as account, {tier} as tier, count(*) as rows "
            f"from ({block.query}) group by all"
        ):
            for key_account in {ALL, self._choice(row["account"])}:
                for key_tier in {ALL, row["tier"]}:
                    counts[f"{key_account}|{key_tier}"] += row["rows"]
        return dict(counts)

    def _described(self, block: Chart | Table) -> dict:
        definition = getattr(block, "definition", "")
        return {
            "name": block.name,
            "title": block.title,
            "window": self._words(block.window),
            "note": block.note,
            "empty": block.empty,
            "source": block.source,
            "definition": self._definition(f"{block.source}.{definition}") if definition else "",
        }


def _packed(columns: dict[str, list]) -> dict:
    """Return columns as JSON holds them shortest: words once, with the number of each row's."""
    packed = {}
    for name, values in columns.items():
        plain = [_plain(value) for value in values]
        if any(isinstance(value, str) for value in plain):
            words = {word: number for number, word in enumerate(dict.fromkeys(plain))}
            packed[name] = {"words": list(words), "rows": [words[value] for value in plain]}
            if isinstance(values[0], date):
                packed[name]["is_date"] = True
        else:
            packed[name] = plain
    return packed


def _unpacked_length(column: dict | list) -> list:
    return column["rows"] if isinstance(column, dict) else column


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else round(float(value), 6)
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
