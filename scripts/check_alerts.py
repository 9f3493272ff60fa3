#!/usr/bin/env python3
"""Print the last build's alerts, and alerts about outdated tables and wrong clocks.

For cron, CI or a pager.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click
from built_tables import database_option, read_tables
from command_line import Command, detail, examples, say, volume_options

# Python exits with 1 when a program crashes.
ALERTS = 3
SATURDAY = 5
# Some tools write file times in local time.
CLOCK_TOLERANCE = timedelta(days=1)
QUERIES = {
    "settings": """
        select setting, setting_value
        from report_settings
        where setting in ('as_of_date', 'alert_stale_days')
    """,
    "alerts": """
        select alert, account_id, team, message, measured, threshold
        from usage_alerts
        order by alert, account_id, team
    """,
    "deliveries": """
        select account_id, max(last_delivered_at) as last_delivered_at
        from report_delivery
        group by account_id
        order by account_id
    """,
}

today_option = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    default=lambda: f"{datetime.now(UTC):%Y-%m-%d}",
    show_default="the current day in UTC",
    help="Day from which to calculate the age of the tables.",
)


def stale_alerts(as_of_date: date, threshold: float | None, today: date) -> list[dict]:
    """Return an alert if the last day in the tables is too many working days ago.

    Reports arrive on the next day, so today's cannot be missing. Models never read the clock,
    so only this alert shows that reports no longer arrive.
    """
    days = [as_of_date + timedelta(days=n) for n in range(1, (today - as_of_date).days)]
    working_days = sum(day.weekday() < SATURDAY for day in days)
    if threshold is None or working_days < threshold:
        return []
    message = (
        f"No report for {working_days} working days: the last one is for {as_of_date}. Run "
        "scripts/sync_reports.py and read its output; if it shows no error, check in the Kiro "
        "console that reports are still being written."
    )
    return [
        {
            "alert": "data_stale",
            "account_id": "(all)",
            "team": "(all)",
            "message": message,
            "measured": working_days,
            "threshold": threshold,
        }
    ]


def clock_alerts(deliveries: list[dict], now: datetime) -> list[dict]:
    """Return an alert for each account with a report file from the future.

    The latest delivery is used, so such a file overrides corrections.
    """
    return [
        {
            "alert": "clock_wrong",
            "account_id": row["account_id"],
            "team": "(all)",
            "message": (
                f"A report file is dated {row['last_delivered_at']:%Y-%m-%d %H:%M} UTC, which is "
                "in the future: the clock of this machine, or of the machine that copied the file, "
                "is wrong. Until that time, corrections for its day are ignored. Set the clock, "
                "fetch the file again with scripts/sync_reports.py --verify, and build."
            ),
            "measured": (row["last_delivered_at"] - now).days,
            "threshold": CLOCK_TOLERANCE.days,
        }
        for row in deliveries
        if row["last_delivered_at"] and row["last_delivered_at"] > now + CLOCK_TOLERANCE
    ]


@click.command(
    cls=Command,
    epilog=examples(
        "check_alerts.py || mail -s Kiro admin@example.com",
        "check_alerts.py --database kiro.duckdb --json",
    ),
)
@database_option
@today_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
@volume_options(quiet="Print only errors; the exit status says whether there are alerts.")
def main(database: Path, today: datetime, as_json: bool) -> None:
    """Print a line for each threshold that was crossed. The alert_* dbt vars set the thresholds.

    Exit status: 0 no alerts, 2 usage error, or the tables cannot be read, 3 there are alerts,
    130 interrupted.
    """
    answers = read_tables(database, QUERIES)
    settings = {row["setting"]: row["setting_value"] for row in answers["settings"]}
    as_of_date = settings["as_of_date"]
    stale_days = settings.get("alert_stale_days")
    alerts = (
        answers["alerts"]
        + stale_alerts(
            date.fromisoformat(as_of_date), stale_days and float(stale_days), today.date()
        )
        + clock_alerts(answers["deliveries"], datetime.now(UTC).replace(tzinfo=None))
    )
    for alert in alerts:
        detail(f"{alert['alert']}: {alert['measured']}, threshold {alert['threshold']}")
    if as_json:
        click.echo(json.dumps({"as_of_date": as_of_date, "alerts": alerts}, indent=2))
    elif alerts:
        say(f"Kiro usage as of {as_of_date}, alerts: {len(alerts)} (exit status {ALERTS})")
        for alert in alerts:
            say(f"- {alert['account_id']}: {alert['message']}")
    else:
        say(f"Kiro usage as of {as_of_date}: no alerts.")
    sys.exit(ALERTS if alerts else 0)


if __name__ == "__main__":
    main()
