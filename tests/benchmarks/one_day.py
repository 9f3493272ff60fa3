"""Measures time and memory for a day with a million users, under the default memory limit.

There are two such days, each with a thousand files of a thousand rows, because Kiro writes one
file per thousand users. Run it with `.venv/bin/python tests/benchmarks/one_day.py` (a few minutes,
2 GB of disk); it writes docs/performance.md.
"""

from __future__ import annotations

import datetime
import os
import sys
import tempfile
from pathlib import Path

import click
import duckdb
from measuring import ROOT, Figures, machine, write_section

BIN = Path(sys.executable).parent
ACCOUNT = "123456789012"
FIRST_DAY = datetime.date(2026, 6, 1)
USERS_PER_FILE = 1000
ROWS = """
    copy (
        select
            $day as "Date",
            uuid_of_number as "UserId",
            'KIRO_IDE' as "Client_Type",
            number % 9 + 1 as "Chat_Conversations",
            number % 1000 / 50.0 as "Credits_Used",
            10000.0 as "Overage_Cap",
            0.0 as "Overage_Credits_Used",
            false as "Overage_Enabled",
            'arn:aws:codewhisperer:us-east-1:123456789012:profile/EXAMPLE' as "ProfileId",
            if(number % 3 = 0, 'PRO_PLUS', 'PRO') as "Subscription_Tier",
            number % 90 + 10 as "Total_Messages",
            number % 90 as "claude_sonnet_5_messages",
            10 as "auto_messages"
        from users
        where number between $first and $last
    ) to '{}' (header)
"""


def write_day(reports: Path, day: datetime.date, users: int) -> None:
    """Write the files for a day on which all users were active."""
    folder = reports / (
        f"bucket/logs/AWSLogs/{ACCOUNT}/KiroLogs/user_report/us-east-1/{day:%Y/%m/%d}/00"
    )
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(
            """
            create table users as
            select
                number,
                md5(number::varchar)::uuid as uuid_of_number
            from range($users) as numbers (number)
            """,
            {"users": users},
        )
        for part, first in enumerate(range(0, users, USERS_PER_FILE), start=1):
            name = f"KIRO_IDE_{ACCOUNT}_user_report_part_{part}_{day:%Y%m%d}0000.csv"
            connection.execute(
                ROWS.format(str(folder / name).replace("'", "''")),
                {"day": f"{day}", "first": first, "last": first + USERS_PER_FILE - 1},
            )


@click.command()
@click.option("--users", default=1_000_000, show_default=True, help="Users per day.")
def main(users: int) -> None:
    """Time the first load, with one day, and the build that adds the next day."""
    (ROOT / "data").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "data") as name:
        folder = Path(name)
        environment = os.environ | {
            "KIRO_REPORTS_DIR": str(folder / "reports"),
            "KIRO_SEATS_DIR": str(folder / "seats"),
            "KIRO_DUCKDB_PATH": str(folder / "kiro.duckdb"),
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "target"),
        }
        environment.pop("KIRO_MEMORY_LIMIT", None)
        measured = {}

        def measure(what: str, *command: object) -> None:
            measured[what] = Figures().add(list(map(str, command)), environment)
            taken = measured[what]
            click.echo(f"| {what} | {taken.seconds:.1f} | {taken.cells()}")

        build = (BIN / "dbt", "--quiet", "build", "--exclude-resource-type", "unit_test")
        write_day(folder / "reports", FIRST_DAY, users)
        measure("first load of a day, all data tests", *build)
        write_day(folder / "reports", FIRST_DAY + datetime.timedelta(days=1), users)
        measure("second day of this size", *build)
        page = folder / "dashboard/index.html"
        measure("dashboard", sys.executable, ROOT / "scripts/build_dashboard.py", "--out", page)
        with duckdb.connect(environment["KIRO_DUCKDB_PATH"], read_only=True) as connection:
            [(seats,)] = connection.execute("select count(*) from license_utilization").fetchall()
            [(credits,)] = connection.execute(
                "select sum(credits_used) from usage_daily"
            ).fetchall()
        written = 2 * sum(number % 1000 for number in range(users)) // 50
        if (seats, credits) != (users, written):
            raise click.ClickException(f"{seats:,} seats, {credits} credits instead of {written}")
        megabytes = (folder / "kiro.duckdb").stat().st_size / 1e6
    lines = [
        f"{machine('duckdb', 'dbt-core', 'dbt-duckdb')}.",
        "",
        f"**{users:,} users on each of two days, {users // USERS_PER_FILE:,} files a day; "
        f"database {megabytes:,.0f} MB**",
        "",
        "| what | seconds | CPU seconds | peak MB |",
        "|---|---|---|---|",
        *(f"| {what} | {taken.seconds:.1f} | {taken.cells()}" for what, taken in measured.items()),
    ]
    write_section("one-day", "\n".join(lines))


if __name__ == "__main__":
    main()
