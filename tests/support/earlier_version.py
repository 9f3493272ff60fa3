"""A database from an earlier version of the project, to upgrade.

For a release, run `python tests/support/earlier_version.py <tag>` and commit the new file.
"""

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click
from projects import HEADER, ROOT, Project, report_row

FOLDER = ROOT / "tests/fixtures/earlier_versions"
DELIVERED_AT = 1_780_000_000
DAYS = [f"2026-{month}-{day:02d}" for month in ("04", "05") for day in range(1, 31)]


def write_history(project: Project, days: list[str]) -> None:
    """Reports for a few people, including idle and heavy users, always the same."""
    for number, day in enumerate(days):
        rows = "".join(
            report_row(day, f"user{user}", credits=f"{7 * user + number % 5}.25", tail=",2,1")
            for user in range(8)
            # The last two people are active on only three days.
            if (number % (user + 1) == 0 if user < 6 else number < 3)
        )
        project.write_report(
            day,
            f"{HEADER},auto_messages,claude_opus_5_messages\n{rows}{day},broken\n",
            delivered_at=DELIVERED_AT + number * 86_400,
        )
    project.write_legacy_report(
        days[0], f"UserId,Date,Inline_SuggestionsCount\nuser1,{days[0][5:]}-2026,4\n"
    )
    for path in project.reports.rglob("*by_user_analytic*.csv"):
        os.utime(path, (DELIVERED_AT, DELIVERED_AT))


@click.command()
@click.argument("commit")
def main(commit: str) -> None:
    """Write the database that the code at COMMIT builds from the history above."""
    with tempfile.TemporaryDirectory() as name:
        code, project = Path(name) / "code", Project(Path(name))
        code.mkdir()
        archive = subprocess.run(
            ["git", "archive", commit], cwd=ROOT, capture_output=True, check=True
        )
        subprocess.run(["tar", "-x", "-C", code], input=archive.stdout, check=True)
        write_history(project, DAYS)
        own = {
            "KIRO_REPORTS_DIR": str(project.reports),
            "KIRO_SEATS_DIR": str(project.seats),
            "KIRO_DUCKDB_PATH": str(project.database),
        }
        subprocess.run(
            [
                *(Path(sys.executable).parent / "dbt", "build"),
                *("--exclude-resource-type", "test", "unit_test"),
            ],
            cwd=code,
            env=os.environ | own,
            check=True,
        )
        target = FOLDER / f"{commit}.duckdb.gz"
        with project.database.open("rb") as database, gzip.open(target, "wb") as packed:
            shutil.copyfileobj(database, packed)
        click.echo(f"Wrote {target} ({target.stat().st_size / 1e3:.0f} kB).")


if __name__ == "__main__":
    main()
