#!/usr/bin/env python3
"""Write a digest of what changed since last month and last week: Markdown, HTML and JSON."""

from __future__ import annotations

import html
import json
import re
from datetime import date, timedelta
from pathlib import Path

import click
from built_tables import database_option, opened
from command_line import Command, Failure, examples, in_project, say, volume_options
from dashboard.files import private_files, write_page
from dashboard.formats import change, written
from dashboard.reading import PublicTables

# Headline figures to compare: their labels and formats.
MONTHLY = {
    "seats": ("Seats", "count"),
    "used_share": ("Seats used", "share"),
    "unused_cost_usd": ("Wasted per month", "usd"),
    "subscription_cost_usd": ("Paid for seats", "usd"),
    "overage_usd": ("Expected overage this month", "usd"),
    "month_cost_usd": ("Expected cost this month", "usd"),
    "blocked_or_likely_seats": ("Seats blocked or likely to be blocked", "count"),
}
WEEKLY = {
    "weekly_active_users": ("People active in the last 7 days", "count"),
    "messages": ("Messages in the last 7 days", "count"),
}
HEADLINES = """
    select
        figure,
        value,
        previous_value
    from headline_figures
    where
        account_id = '(all)'
        and subscription_tier = '(all)'
        and team = '(all)'
        and period_end_date = as_of()
"""
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
MODELS = """
    select
        model,
        now / sum(now) over () - before / sum(before) over () as moved,
        before / sum(before) over () as share_before,
        now / sum(now) over () as share
    from (
        select
            model,
            coalesce(sum(messages) filter (where activity_date > as_of() - 28), 0) as now,
            coalesce(sum(messages) filter (where activity_date <= as_of() - 28), 0) as before
        from model_mix_daily
        where activity_date > as_of() - 56 and activity_date <= as_of()
        group by model
    )
    where model <> '(unattributed)'
    order by abs(moved) desc nulls last, model
    limit 3
"""
TEAMS = """
    select team, value
    from headline_figures
    where
        figure = 'month_cost_usd'
        and account_id = '(all)'
        and subscription_tier = '(all)'
        and team <> '(all)'
        and period_end_date = as_of()
        and value is not null
    order by value desc, team
    limit 3
"""
ACTIONS = """
    select
        replace(action, '_', ' ') as action,
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
    """Return the digest: its day, and sections with lines of text and the figures behind them."""
    as_of: date = tables.one("select as_of()")
    figures = {row["figure"]: row for row in tables.rows(HEADLINES)}
    missing = tables.rows(MISSING)
    month_before = f"{as_of.replace(day=1) - timedelta(days=1):%B}"
    no_month = f"{month_before} is not known"
    no_week = f"a report file {_file(missing[0])} is missing" if missing else "it is not known"
    return {
        "as_of_date": as_of.isoformat(),
        "title": f"Kiro usage as of {written(as_of, 'date')}",
        "sections": [
            _section("Urgent", [_alert(row) for row in tables.rows(ALERTS)]),
            _section(f"Since {month_before}", _compared(figures, MONTHLY, month_before, no_month)),
            _section(
                "Since the previous week", _compared(figures, WEEKLY, "the previous week", no_week)
            ),
            _section(
                "Models whose share changed most in 28 days",
                [_model(r) for r in tables.rows(MODELS)],
            ),
            _section(
                "Teams by expected cost this month",
                [
                    {"text": f"{r['team']}: {written(r['value'], 'usd')}"}
                    for r in tables.rows(TEAMS)
                ],
            ),
            _section("What to do", [_action(row) for row in tables.rows(ACTIONS)]),
            _section(
                "Report files missing in the last 14 days",
                [{"text": f"A file {_file(row)}, account {row['account_id']}"} for row in missing],
            ),
        ],
    }


def _section(title: str, lines: list[dict]) -> dict:
    return {"title": title, "lines": lines or [{"text": "Nothing."}]}


def _compared(
    figures: dict[str, dict], shown: dict[str, tuple], period: str, reason: str
) -> list[dict]:
    lines = []
    for name, (label, kind) in shown.items():
        value, before = (figures.get(name, {}).get(key) for key in ("value", "previous_value"))
        if value is None:
            words = "unknown"
        elif before is None:
            words = f"{written(value, kind)}, not compared: {reason}"
        else:
            words = f"{written(value, kind)}, {change(value, before, kind, period)}"
        lines.append(
            {
                "text": f"{label}: {words}",
                "figure": name,
                "value": None if value is None else float(value),
                "previous_value": None if before is None else float(before),
            }
        )
    return lines


def _alert(row: dict) -> dict:
    return {"text": f"{row['account_id']}: {row['message']}"}


def _model(row: dict) -> dict:
    if row["share_before"] is None or row["share"] is None:
        return {
            "text": f"{row['model']}: not compared, because one of the two periods has no messages"
        }
    before, now = (written(row[share], "share") for share in ("share_before", "share"))
    return {"text": f"{row['model']}: from {before} to {now} of messages"}


def _action(row: dict) -> dict:
    seats = "1 seat" if row["seats"] == 1 else f"{row['seats']:,} seats"
    saves = written(row["savings_usd"], "usd")
    return {"text": f"{row['action'].capitalize()}: {seats}, saves {saves} per month"}


def _file(row: dict) -> str:
    return f"of {written(row['activity_date'], 'date')} ({row['client_type']})"


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
    """Return the digest as HTML for mail programs."""
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

    The digest does not name people. docs/dashboard.md explains how to send it.

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
