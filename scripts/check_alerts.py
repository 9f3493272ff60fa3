#!/usr/bin/env python3
"""Print the alerts of the last build, and fail if there are any: for cron, CI or a pager."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from built_tables import database_option, read_tables
from command_line import Command, detail, examples, say, volume_options

QUERIES = {
    "as_of": "select max(as_of_date)::varchar as as_of_date from overage_outlook",
    "alerts": """
        select alert, account_id, message, measured, threshold
        from usage_alerts
        order by alert, account_id
    """,
}


@click.command(
    cls=Command,
    epilog=examples(
        "check_alerts.py || mail -s Kiro admin@example.com",
        "check_alerts.py --database kiro.duckdb --json",
    ),
)
@database_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of lines.")
@volume_options(quiet="Print nothing but what went wrong; the exit status tells.")
def main(database: Path, as_json: bool) -> None:
    """Print a line per threshold that is crossed; thresholds are the dbt vars alert_*.

    Exit status: 0 nothing to do, 1 alerts were printed, 2 the tables cannot be read.
    """
    answers = read_tables(database, QUERIES)
    alerts = answers["alerts"]
    as_of_date = answers["as_of"][0]["as_of_date"]
    for alert in alerts:
        detail(f"{alert['alert']}: {alert['measured']}, alert from {alert['threshold']}")
    if as_json:
        click.echo(json.dumps({"as_of_date": as_of_date, "alerts": alerts}, indent=2))
    elif alerts:
        count = f"{len(alerts)} alert{'s' if len(alerts) > 1 else ''}"
        say(f"Kiro usage as of {as_of_date}: {count}.")
        for alert in alerts:
            say(f"- {alert['account_id']}: {alert['message']}")
    else:
        say(f"Kiro usage as of {as_of_date}: no alerts.")
    sys.exit(1 if alerts else 0)


if __name__ == "__main__":
    main()
