"""Measures build times: the first build, a daily build, a build with nothing new, and the scripts
run afterward.

Times whole processes on made-up organizations and, in the same session, two yardsticks: `read_csv`
with a file pattern, and a plain DuckDB script that creates three of the tables.
Run it with `make bench` (a few minutes) or `make bench-large`, which write docs/performance.md.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import click
import duckdb
from measuring import ROOT, Figures, machine, write_section

sys.path.insert(0, str(ROOT / "scripts"))
from check_alerts import ALERTS
from run_daily import BUILD

BIN = Path(sys.executable).parent
REPORT_FILES = "**/*_user_report_*.csv"
READ_BY_PATTERN = """
    create table reports as
    select * from read_csv(getvariable('files'), union_by_name = true, all_varchar = true)
"""
# Columns by position, without type detection: the fastest way to read CSV files.
READ_BY_POSITION = """read_csv(
    getvariable('files'), auto_detect = false, header = false, delim = ',', quote = '"',
    null_padding = true, strict_mode = false, filename = true, columns = {columns}
)""".format(columns={f"column{number}": "varchar" for number in range(40)})
COUNTS = ", ".join(f"try_cast(column{n} as bigint) as count{n}" for n in range(10, 20))
TYPED_INSERT = f"""
    create table reports as
    select
        try_cast(column0 as date) as activity_date,
        column1 as user_id,
        column2 as client_type,
        try_cast(column3 as bigint) as conversations,
        try_cast(column4 as decimal(18, 6)) as credits_used,
        try_cast(column5 as decimal(18, 6)) as overage_cap,
        try_cast(column6 as decimal(18, 6)) as overage_credits_used,
        try_cast(column7 as boolean) as overage_enabled,
        column8 as profile_id,
        column9 as subscription_tier,
        {COUNTS}
    from {READ_BY_POSITION}
    where column0 <> 'Date'
"""
# Without tests, rejection reasons, superseded files or incremental models.
PLAIN_SCRIPT = f"""
    {TYPED_INSERT};

    create table license_utilization as
    select
        user_id,
        profile_id,
        max_by(subscription_tier, activity_date) as subscription_tier,
        min(activity_date) as first_seen_date,
        max(activity_date) as last_active_date
    from reports
    group by all;

    create table overage_monthly as
    select
        date_trunc('month', activity_date) as usage_month,
        user_id,
        profile_id,
        sum(credits_used) as credits_used,
        sum(overage_credits_used) as overage_credits_used
    from reports
    group by all;

    create table adoption_daily as
    select
        activity_date,
        client_type,
        count(distinct user_id) as active_users
    from reports
    group by all;
"""


class Organization:
    """A made-up organization's mirror, with the last day held back, and a database."""

    def __init__(self, folder: Path, users: int, days: int):
        self.folder, self.users, self.days = folder, users, days
        self.reports, self.held = folder / "reports", folder / "held"
        self.database = folder / "kiro.duckdb"
        self.environment = os.environ | {
            "KIRO_REPORTS_DIR": str(self.reports),
            "KIRO_SEATS_DIR": str(folder / "seats"),
            "KIRO_DUCKDB_PATH": str(self.database),
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "target"),
        }
        if not self.held.exists():
            self._generate()
        for path in self.held.rglob("*.csv"):
            (self.reports / path.relative_to(self.held)).unlink(missing_ok=True)
        self.database.unlink(missing_ok=True)

    def _generate(self) -> None:
        accounts = max(2, min(10, self.users // 5_000))
        generate = [sys.executable, ROOT / "scripts/generate_reports.py", "--out", self.reports]
        size = ["--users", str(self.users), "--days", str(self.days + 1)]
        Figures().add([*generate, *size, "--accounts", str(accounts)], self.environment)
        last_day = max(path.parts[-5:-2] for path in self.reports.glob(REPORT_FILES))
        for path in self.reports.rglob("/".join((*last_day, "*", "*.csv"))):
            target = self.held / path.relative_to(self.reports)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)

    def deliver_the_last_day(self) -> None:
        """Add the held-back files to the mirror."""
        shutil.copytree(self.held, self.reports, dirs_exist_ok=True)

    def dbt(self, *arguments: str) -> Figures:
        """Time and memory for a dbt command."""
        return Figures().add([BIN / "dbt", "--quiet", *arguments], self.environment)

    def nodes(self) -> dict[str, float]:
        """Seconds the last dbt command spent on each kind of node, with two threads."""
        seconds: dict[str, float] = defaultdict(float)
        for result in json.loads((self.folder / "target/run_results.json").read_text())["results"]:
            seconds[result["unique_id"].split(".")[0]] += result["execution_time"]
        return seconds


def run_sql(folder: Path, name: str, sql: str, files: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds for statements in a separate database, with dbt's settings."""
    path = folder / f"{name}.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path), config={"threads": 2, "memory_limit": "4GB"}) as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set variable files = ?", [files])
        wall, cpu = time.perf_counter(), time.process_time()
        connection.execute(sql)
        return time.perf_counter() - wall, time.process_time() - cpu


def ingestion(folder: Path, file_count: int) -> str:
    """The base layer's first load, compared with the fastest and the usual ways to read files."""
    organization = Organization(folder, 40 * file_count, 60)
    files = sorted(map(str, organization.reports.glob(REPORT_FILES)))
    for path in files[file_count:]:
        Path(path).unlink()
    files = files[:file_count]
    megabytes = sum(Path(path).stat().st_size for path in files) / 1e6
    by_position = run_sql(folder, "read", f"select count(*) from {READ_BY_POSITION}", files)
    typed = run_sql(folder, "typed", TYPED_INSERT, files)
    by_pattern = run_sql(folder, "pattern", READ_BY_PATTERN, files)
    organization.dbt("run", "--select", "base_kiro__report_files", "base_kiro__user_report_rows")
    own = organization.nodes()["model"]
    with duckdb.connect(str(organization.database), read_only=True) as connection:
        [(rows,)] = connection.execute(
            "select count(*) from base_kiro__user_report_rows"
        ).fetchall()
    limit = 2 * by_position[0] + typed[0]
    yardsticks = {
        "read by position, counted only": by_position,
        "read by position into a typed table": typed,
        "`read_csv` over a pattern, `union_by_name`": by_pattern,
    }
    lines = [
        f"**First load of {len(files):,} files, {rows:,} rows, {megabytes:,.0f} MB**",
        "",
        "| what | seconds | CPU seconds |",
        "|---|---|---|",
        f"| base layer: lines split, checked and typed, with rejection reasons | {own:.1f} | |",
        *(f"| {what} | {wall:.1f} | {cpu:.1f} |" for what, (wall, cpu) in yardsticks.items()),
        "",
        f"The base layer uses {own / limit * 100:.0f} % of its budget (2 x positional read + "
        f"insert), and is {by_pattern[0] / own:.1f} times as fast as `union_by_name`.",
        "",
    ]
    return "\n".join(lines)


def builds(organization: Organization) -> tuple[str, Figures]:
    """All measurements of one organization as Markdown, including a daily build."""
    files = [str(path) for path in organization.reports.glob(REPORT_FILES)]
    measured = {"first load, all tests": organization.dbt("build")}
    megabytes = organization.database.stat().st_size / 1e6
    organization.deliver_the_last_day()
    day = measured["one new day, as `make daily` builds it"] = organization.dbt(*BUILD)
    measured["nothing new, as `make daily --always` builds it"] = organization.dbt(*BUILD)
    page = organization.folder / "dashboard/index.html"
    daily = [sys.executable, ROOT / "scripts/run_daily.py", "--no-sync", "--out", page]
    for _ in range(2):
        # The second run reuses the first run's documentation and tables.
        measured["nothing changed, `run_daily.py --no-sync`"] = Figures().add(
            daily, organization.environment, statuses=(0, ALERTS)
        )
    whole = measured["nothing new, all tests"] = organization.dbt("build")
    kinds = organization.nodes()
    node_seconds = sum(kinds.values()) / 2
    least = measured["`dbt parse`, nothing changed"] = organization.dbt("parse")
    parse = measured["`dbt parse` from scratch"] = organization.dbt("--no-partial-parse", "parse")
    measured["marts only"] = organization.dbt("run", "--select", "marts")
    measured["documentation"] = organization.dbt("docs", "generate", "--static")
    report = [sys.executable, ROOT / "scripts/build_dashboard.py", "--out"]
    measured["dashboard"] = Figures().add([*report, page], organization.environment)
    plain = run_sql(organization.folder, "plain", PLAIN_SCRIPT, files)
    lines = [
        f"**{organization.users:,} seats, {organization.days} days of history, "
        f"{len(files):,} files; database {megabytes:,.0f} MB**",
        "",
        "| what | seconds | CPU seconds | peak MB |",
        "|---|---|---|---|",
        *(f"| {what} | {taken.seconds:.1f} | {taken.cells()}" for what, taken in measured.items()),
        f"| plain DuckDB script, three tables | {plain[0]:.1f} | {plain[1]:.2f} | |",
        "",
        "A build with all tests, by node type, with two threads: "
        + ", ".join(f"{kind}s {seconds:.1f} s" for kind, seconds in kinds.items() if seconds > 0.1)
        + ". With nothing new and all tests, a build takes "
        f"{whole.seconds / (parse.seconds + node_seconds):.2f} times as long as `dbt parse` and "
        "the build's nodes together. "
        f"A new day takes {day.seconds / least.seconds:.1f} times as long as `dbt parse` with "
        "nothing changed, and "
        f"{day.cpu_seconds[0] / least.cpu_seconds[0]:.1f} times the CPU time.",
        "",
    ]
    return "\n".join(lines), day


@click.command()
@click.option("--users", default=500, show_default=True, help="Number of seats.")
@click.option("--days", default=365, show_default=True, help="Days of history.")
@click.option("--files", default=2000, show_default=True, help="Files in the first load.")
@click.option("--section", default="builds", show_default=True, help="Section to write.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, resolve_path=True, path_type=Path),
    help="Folder for the made-up reports; an earlier run's reports of the same size are reused.",
)
def main(users: int, days: int, files: int, section: str, folder: Path | None) -> None:
    """Time builds with 30 and with DAYS days of history, and write docs/performance.md."""
    parts = [f"{machine('duckdb', 'dbt-core', 'dbt-duckdb')}.\n"]

    def tell(text: str) -> None:
        parts.append(text)
        click.echo(text)

    (ROOT / "data").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "data") as name:
        work = folder or Path(name)
        if files:
            tell(ingestion(work / "files", files))
        day_of = {}
        for history in (30, days):
            text, day_of[history] = builds(
                Organization(work / f"{users}x{history}", users, history)
            )
            tell(text)
        tell(
            "Adding a day takes "
            f"{day_of[days].seconds / day_of[30].seconds:.2f} times as long, and "
            f"{day_of[days].cpu_seconds[0] / day_of[30].cpu_seconds[0]:.2f} times the CPU time, "
            f"with {days} days of history as with 30 days.\n"
        )
    write_section(section, "\n".join(parts))


if __name__ == "__main__":
    main()
