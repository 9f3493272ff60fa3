#!/usr/bin/env python3
"""Run the daily steps: fetch reports, build, write the dashboard, print alerts."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import click
from build_dashboard import out_option
from built_tables import TablesUnreadableError, database_path, read_tables
from check_alerts import ALERTS, today_option
from command_line import (
    INTERRUPTED,
    PROJECT,
    Command,
    Volume,
    detail,
    examples,
    volume,
    volume_options,
)
from dbt_plugins.database_files import write_whole
from dbt_plugins.findings import COLUMNS, in_words
from last_build import (
    LastBuild,
    what_a_build_makes,
    what_a_build_reads,
    what_a_dashboard_is,
)

DONE, INCOMPLETE, FAILED = 0, 1, 2
SCRIPTS = PROJECT / "scripts"
DBT = Path(sys.executable).with_name("dbt")
# Unit tests check the project, not your data. Nothing here reads dbt's artifacts, and writing them
# takes a seventh of a small build's CPU time.
BUILD = ("--quiet", "--no-write-json", "build", "--exclude-resource-type", "unit_test")
FINDINGS = {
    "findings": f"""
        select {COLUMNS}, concat_ws('|', finding, source, account_id, usage_month) as name
        from data_quality_findings
        order by severity desc, finding, account_id, usage_month
    """  # noqa: S608 - the project's own columns
}


def is_watched() -> bool:
    """Return whether to show progress: on a terminal, unless --quiet is set."""
    return sys.stdout.isatty() and volume() > Volume.QUIET


def run(label: str, *command: object) -> subprocess.CompletedProcess:
    """Run a step; on a terminal, show its name and duration."""
    detail(f"Runs {' '.join(map(str, command))}")
    if is_watched():
        click.echo(f"{label} ... ", nl=False)
    start = time.monotonic()
    done = subprocess.run(  # noqa: S603 - the project's own commands
        list(map(str, command)), cwd=PROJECT, capture_output=True, text=True, check=False
    )
    if is_watched():
        click.echo(f"{time.monotonic() - start:.0f} s")
    return done


def show(done: subprocess.CompletedProcess) -> int:
    """Print a step's output and return its status."""
    click.echo(done.stdout, nl=False)
    click.echo(done.stderr, nl=False, err=True)
    return done.returncode


def print_new_findings(database: Path) -> None:
    """Print the findings that are new since the last daily run.

    A file next to the database records the printed findings, so that none is lost if a run is
    killed or somebody builds manually. It contains hashes, because findings mention accounts.
    """
    note = database.with_name(f"{database.name}.findings")
    try:
        known = set(json.loads(note.read_text()))
    except (OSError, ValueError):
        known = set()
    findings = read_tables(database, FINDINGS)["findings"]
    names = [hashlib.sha256(row["name"].encode()).hexdigest() for row in findings]
    for name, row in zip(names, findings, strict=True):
        if name not in known:
            click.echo(f"New finding ({row['severity']}): {in_words(row)}")
    write_whole(note, json.dumps(sorted(names)))


def end(status: int, reason: str) -> None:
    """End the run with a line that explains the status."""
    click.echo(f"Daily run: {reason} (exit status {status})", err=True)
    sys.exit(status)


@click.command(
    cls=Command,
    epilog=examples(
        "run_daily.py  (all sources in sources.toml)",
        "run_daily.py s3://my-bucket/user-activity",
        "run_daily.py --no-sync",
        "run_daily.py --always",
    ),
)
@click.argument("urls", nargs=-1, metavar="[s3://BUCKET/PREFIX]...")
@click.option("--no-sync", is_flag=True, help="Do not fetch: another tool updates the mirror.")
@click.option("--always", is_flag=True, help="Build even if nothing has changed.")
@out_option
@today_option
@volume_options()
def main(urls: tuple[str, ...], no_sync: bool, always: bool, out: Path, today: datetime) -> None:
    """Fetch new reports, build and test the tables, write the dashboard, and print alerts.

    If all goes well, this prints nothing, or one line per step on a terminal. If some reports
    cannot be fetched, the other steps still run. If nothing has changed since the last complete
    run, the tables and the dashboard stay unchanged.

    Exit status: 0 done, 1 some reports could not be fetched, 2 usage error, or the build, the
    dashboard or the alerts failed, 3 there are alerts, 130 interrupted.
    """

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    try:
        run_steps(urls, no_sync, always, out.absolute(), today)
    except KeyboardInterrupt:
        end(INTERRUPTED, "interrupted; run it again to continue from here")


def run_steps(
    urls: tuple[str, ...], no_sync: bool, always: bool, out: Path, today: datetime
) -> None:
    """Run the steps and exit with the most urgent status."""
    sync = (sys.executable, SCRIPTS / "sync_reports.py", "--quiet", *urls)
    is_fetched = no_sync or show(run("Fetching reports", *sync)) == DONE
    database = database_path()
    last_build = LastBuild(database)
    read = what_a_build_reads(database, out)
    changed = last_build.changed(read | what_a_build_makes(database) | what_a_dashboard_is(out))
    is_due = always or bool(changed)
    is_written = True
    made: dict[str, str] = {}
    if is_due:
        detail(f"Changed since the last build: {', '.join(changed) or 'nothing'}")
        last_build.forget()
        is_written, made = build(database, out)
    elif is_watched():
        click.echo(f"Nothing to build: nothing has changed since {last_build.ended_at()}.")
    try:
        print_new_findings(database)
    except TablesUnreadableError as error:
        end(FAILED, error.format_message())
    judged = (sys.executable, SCRIPTS / "check_alerts.py", "--today", f"{today:%Y-%m-%d}")
    alerts = run("Checking alerts", *judged)
    if alerts.returncode != DONE:
        show(alerts)
    if not is_written or alerts.returncode not in (DONE, ALERTS):
        end(FAILED, "the tables were built, but the dashboard or the alerts failed")
    if is_due:
        last_build.record(read | made)
    if not is_fetched:
        end(
            INCOMPLETE,
            "some reports could not be fetched; the tables were built from the available files",
        )
    sys.exit(alerts.returncode)


def build(database: Path, out: Path) -> tuple[bool, dict[str, str]]:
    """Build tables and dashboard; return whether the dashboard was written, and digests of both."""
    if show(run("Building and testing the tables", DBT, *BUILD)) != DONE:
        end(FAILED, "the build failed; dashboard and published copy are from an earlier build")
    # Take the digest before anything else can change the tables.
    tables = what_a_build_makes(database)
    page = (sys.executable, SCRIPTS / "build_dashboard.py", "--quiet", "--out", out)
    is_written = show(run("Writing the dashboard", *page)) == DONE
    return is_written, tables | what_a_dashboard_is(out)


if __name__ == "__main__":
    main()
