#!/usr/bin/env python3
"""Write a digest of what changed since last month and last week: Markdown, HTML and JSON."""

from __future__ import annotations

import html
import json
import re
from decimal import Decimal
from pathlib import Path

import click
from built_tables import database_option, opened
from command_line import Command, Failure, examples, in_project, say, volume_options
from dashboard.blocks import ALL, FILTERS, Numbers
from dashboard.changes import SINCE_MONTH, SINCE_WEEK
from dashboard.files import private_files, write_page
from dashboard.formats import UNKNOWN, written
from dashboard.reading import PublicTables
from dashboard.words import Words

MISSING = """
    select
        activity_date,
        account_id,
        client_type
    from report_delivery
    where
        status = 'missing'
        and activity_date > as_of() - 14
        and activity_date <= as_of()
    order by activity_date desc, account_id, client_type
"""
ACTIONS = """
    select
        action_name(action, null) as action,
        count(*) as seats,
        sum(monthly_savings_usd) as savings_usd
    from recommended_actions
    where monthly_savings_usd > 0
    group by action
    order by savings_usd desc, action
    limit 5
"""
ALERTS = "select account_id, message from usage_alerts order by alert, account_id, team"


def digest_of(tables: PublicTables) -> dict:
    """Return the digest: the day, and sections with lines of text and the underlying figures."""
    words = Words(tables)
    missing = tables.rows(MISSING)
    return {
        "as_of_date": words.as_of.isoformat(),
        "title": words.filled("Kiro usage as of {as_of}"),
        "sections": [
            _section("Urgent", [_alert(row) for row in tables.rows(ALERTS)]),
            _section(words.filled("Since {month_before}"), _lines(tables, words, SINCE_MONTH)),
            _section("In the last 7 days", _lines(tables, words, SINCE_WEEK)),
            _section("What to do", [_action(row) for row in tables.rows(ACTIONS)]),
            _section(
                "Report files missing in the last 14 days",
                [{"text": f"A file {_file(row)}, account {row['account_id']}"} for row in missing],
            ),
        ],
    }


def _section(title: str, lines: list[dict]) -> dict:
    return {"title": title, "lines": lines or [{"text": "Nothing."}]}


def _lines(tables: PublicTables, words: Words, blocks: list[Numbers]) -> list[dict]:
    """Return the dashboard's list of changes for all accounts, plans and teams."""
    lines = []
    for block in blocks:
        rows = tables.rows(block.query) if tables.has_tables_of(block.query) else []
        of_all = [row for row in rows if _is_of_all(row)]
        for number in block.numbers if of_all else []:
            [row] = of_all
            parts = [part for part in words.of(number, row) if part not in ("", UNKNOWN)]
            line: dict = {"text": f"{number.label}: {', '.join(parts) or 'not known'}"}
            if number.before and number.source.startswith("headline_figures."):
                line |= {
                    "figure": number.column,
                    "value": _plain(row[number.column]),
                    "previous_value": _plain(row[number.before]),
                }
            lines.append(line)
    return lines


def _is_of_all(row: dict) -> bool:
    return all(row.get(column, ALL) == ALL for column in FILTERS.values())


def _plain(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _alert(row: dict) -> dict:
    return {"text": f"{row['account_id']}: {row['message']}"}


def _action(row: dict) -> dict:
    seats = "1 seat" if row["seats"] == 1 else f"{row['seats']:,} seats"
    saves = written(row["savings_usd"], "usd")
    return {"text": f"{row['action']}: {seats}, saves {saves} per month"}


def _file(row: dict) -> str:
    return f"for {written(row['activity_date'], 'date')} ({row['client_type']})"


def as_text(digest: dict) -> str:
    """Return the digest as plain text, for chat tools."""
    parts = [digest["title"]]
    for section in digest["sections"]:
        parts += ["", section["title"], *(f"- {line['text']}" for line in section["lines"])]
    return "\n".join(parts) + "\n"


def as_markdown(digest: dict) -> str:
    """Return the digest as Markdown; names are escaped."""

    def escaped(text: str) -> str:
        return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", " ".join(text.split()))

    parts = [f"# {escaped(digest['title'])}"]
    for section in digest["sections"]:
        lines = [f"- {escaped(line['text'])}" for line in section["lines"]]
        parts += ["", f"## {escaped(section['title'])}", "", *lines]
    return "\n".join(parts) + "\n"


def as_html(digest: dict) -> str:
    """Return the digest as HTML for email programs."""
    body = "".join(
        f"<h2>{html.escape(section['title'])}</h2>\n<ul>\n"
        + "".join(f"<li>{html.escape(line['text'])}</li>\n" for line in section["lines"])
        + "</ul>\n"
        for section in digest["sections"]
    )
    title = html.escape(digest["title"])
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title>'
        f"</head>\n<body>\n<h1>{title}</h1>\n{body}</body>\n</html>\n"
    )


@click.command(
    cls=Command,
    epilog=examples("write_digest.py", "write_digest.py --out /srv/kiro/digest"),
)
@database_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: in_project("dashboard"),
    show_default="dashboard in the project",
    help="Folder to write digest.md, digest.html and digest.json to.",
)
@volume_options()
def main(database: Path, out: Path) -> None:
    """Write a digest of what changed since last month and last week in the tables in DATABASE.

    The digest does not contain people's names. docs/dashboard.md explains how to send it.

    Exit status: 0 done, 2 usage error, or the database or the folder cannot be used,
    130 interrupted.
    """
    try:
        with opened(database) as connection, private_files():
            digest = digest_of(PublicTables(connection, show_people=False))
            digest["text"] = as_text(digest)
            for name, text in (
                ("digest.md", as_markdown(digest)),
                ("digest.html", as_html(digest)),
                ("digest.json", json.dumps(digest, indent=2, ensure_ascii=False) + "\n"),
            ):
                write_page(out / name, text)
    except OSError as error:
        raise Failure(f"{out} cannot be written: {error.strerror}.") from error
    say(f"Wrote digest.md, digest.html and digest.json to {out}.")


if __name__ == "__main__":
    main()
