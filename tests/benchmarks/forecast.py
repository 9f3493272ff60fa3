"""Compares the overage forecast with simple methods, on real and made-up people.

Runs the forecast models on the activity of real people (real_people.py), builds a made-up
organization for each seed and family of behaviors, and reads its `overage_forecast_accuracy`. Run
it with `make bench-forecast`, which writes docs/forecast_accuracy.md; it fails if the forecast is
not the best on every origin day.
"""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import click
import duckdb
import real_people

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "docs/forecast_accuracy.md"
START_MARK = "<!-- measured -->"
METHODS = ("forecast", "linear_pace", "last_month")
ORIGIN_DAYS = (5, 10, 15, 20, 25)
# The project's targets over all origin days.
WAPE_AIM, BRIER_AIM, COVERAGE_AIM = 0.85, 0.65, (0.75, 0.88)


def accuracy(folder: Path, family: str, seed: int, users: int, days: int) -> list[dict]:
    """Create and build one organization; return the rows of its accuracy table."""
    reports, database = folder / "reports", folder / "kiro.duckdb"
    environment = os.environ | {
        "KIRO_REPORTS_DIR": str(reports),
        "KIRO_DUCKDB_PATH": str(database),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "target"),
    }
    generate = [sys.executable, ROOT / "scripts/generate_reports.py", "--out", reports]
    size = ["--users", str(users), "--days", str(days), "--start", "2026-01-01"]
    kind = ["--seed", str(seed), "--family", family]
    build = [Path(sys.executable).parent / "dbt", "--quiet", "build"]
    wanted = ["--exclude-resource-type", "test", "unit_test"]
    wanted += ["--select", "+overage_forecast_accuracy"]
    for command in (generate + size + kind, build + wanted):
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise click.ClickException(f"{command[1]}: {(done.stdout + done.stderr)[-800:]}")
    with duckdb.connect(str(database), read_only=True) as connection:
        cursor = connection.execute(
            f"select * from overage_forecast_accuracy where origin_day in {ORIGIN_DAYS}"
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def mean(rows: list[dict], measure: str) -> float:
    """The mean of a measure over organizations (and origin days), equally weighted."""
    return sum(row[measure] for row in rows) / len(rows)


def table(rows: list[dict]) -> tuple[list[str], list[str]]:
    """A family's table in Markdown, and the cells in which another method beats the forecast."""
    grouped = defaultdict(list)
    for row in rows:
        grouped[row["method"], row["origin_day"]].append(row)
        grouped[row["method"], "all"].append(row)
    lines = [
        "| day | WAPE: forecast | linear pace | last month "
        "| Brier score: forecast | linear pace | last month | bias | P10-P90 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lost = []
    for day in (*ORIGIN_DAYS, "all"):
        figures = {
            measure: [mean(grouped[method, day], measure) for method in METHODS]
            for measure in ("wape", "brier_score")
        }
        own = grouped["forecast", day]
        cells = [f"{figure:.3f}" for figure in figures["wape"]]
        cells += [f"{figure:.4f}" for figure in figures["brier_score"]]
        cells += [f"{mean(own, 'bias'):+.3f}", f"{mean(own, 'coverage_80'):.2f}"]
        lines.append(f"| {day} | " + " | ".join(cells) + " |")
        lost += [
            f"day {day}, {measure}"
            for measure, (forecast, *others) in figures.items()
            if forecast >= min(others)
        ]
    return lines, lost


def percent(share: float) -> str:
    """A share in words."""
    return f"{share * 100:.0f} %"


def verdict(rows: list[dict]) -> str:
    """Sentences that compare the results with their targets."""
    own = [row for row in rows if row["method"] == "forecast"]
    linear = [row for row in rows if row["method"] == "linear_pace"]
    low, high = COVERAGE_AIM
    return (
        f"Relative to linear pace, WAPE is {mean(own, 'wape') / mean(linear, 'wape'):.2f} "
        f"(target: at most {WAPE_AIM}) and the Brier score "
        f"{mean(own, 'brier_score') / mean(linear, 'brier_score'):.2f} (at most {BRIER_AIM}). "
        f"P10-P90 covered {percent(mean(own, 'coverage_80'))} of the months "
        f"(target: {percent(low)} to {percent(high)}). "
        "The forecast missed the month's total overage by "
        f"{percent(mean(own, 'overage_wape'))} "
        f"(linear pace: {percent(mean(linear, 'overage_wape'))}), and P10-P90 covered "
        f"{percent(mean(own, 'overage_coverage_80'))} of these totals."
    )


@click.command()
@click.option("--seeds", default=3, show_default=True, type=click.IntRange(1))
@click.option("--users", default=300, show_default=True, type=click.IntRange(20))
@click.option("--days", default=334, show_default=True, type=click.IntRange(120))
def main(seeds: int, users: int, days: int) -> None:
    """Print and write the accuracy on real people and on every family, over several seeds."""
    with tempfile.TemporaryDirectory() as folder:
        report = ["## Real people", "", *real_people.report(Path(folder), seed=1), ""]
    report += ["## Made-up people", ""]
    lost = []
    for family in ("routine", "projects", "crunch"):
        rows = []
        for seed in range(1, seeds + 1):
            click.echo(f"{family}, seed {seed} ...", err=True)
            with tempfile.TemporaryDirectory() as folder:
                rows += accuracy(Path(folder), family, seed, users, days)
        lines, lost_here = table(rows)
        lost += [f"{family}: {where}" for where in lost_here]
        forecasts = sum(row["forecasts"] for row in rows if row["method"] == "forecast")
        report += [f"**{family}**: {verdict(rows)} {forecasts:,} forecasts.", "", *lines, ""]
    measured = (
        f"Measured on {datetime.datetime.now(datetime.UTC):%Y-%m-%d}. Real people: seed 1. "
        f"Made-up people: seeds 1 to {seeds}, {users} users, {days} days each.\n\n"
        + "\n".join(report)
    )
    click.echo(measured)
    explanation = REPORT.read_text(encoding="utf-8").split(START_MARK)[0]
    REPORT.write_text(f"{explanation}{START_MARK}\n{measured.rstrip()}\n", encoding="utf-8")
    if lost:
        raise click.ClickException("Another method is better on " + "; ".join(lost) + ".")


if __name__ == "__main__":
    main()
