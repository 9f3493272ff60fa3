#!/usr/bin/env python3
"""Build the same history with each given Python, and compare the public tables."""

import os
import subprocess
import tempfile
from pathlib import Path

import click
from earlier_version import DAYS, write_history
from projects import ROOT, Project


@click.command(epilog="Example: tests/support/other_pythons.py python3.12 python3.13")
@click.argument("pythons", nargs=-1, required=True)
def main(pythons: tuple[str, ...]) -> None:
    """Install the pinned packages and build with this Python and each of PYTHONS; exit with 1 if
    tables differ."""
    with tempfile.TemporaryDirectory() as name:
        project = Project(Path(name))
        write_history(project, DAYS)
        project.run()
        expected = project.tables()
        for number, python in enumerate(pythons):
            environment = Path(name) / f"environment{number}"
            subprocess.run([python, "-m", "venv", environment], check=True)
            packages = (*("--require-hashes", "--no-deps", "-r"), ROOT / "requirements/project.txt")
            subprocess.run([environment / "bin/pip", "install", "--quiet", *packages], check=True)
            project.database = Path(name) / f"{number}.duckdb"
            own = {
                "KIRO_REPORTS_DIR": str(project.reports),
                "KIRO_SEATS_DIR": str(project.seats),
                "KIRO_DUCKDB_PATH": str(project.database),
                "DBT_TARGET_PATH": str(Path(name) / "target"),
                "DBT_LOG_PATH": str(Path(name) / "target"),
            }
            subprocess.run(
                [environment / "bin/dbt", "--quiet", "build", "--exclude-resource-type", "test"],
                cwd=ROOT,
                env=os.environ | own,
                check=True,
            )
            version = subprocess.run(
                [environment / "bin/python", "--version"],
                capture_output=True,
                text=True,
                check=True,
            ).stdout.strip()
            if project.tables() != expected:
                raise click.ClickException(f"{version} makes other tables.")
            click.echo(f"{version}: the same public tables, and all unit tests pass.")


if __name__ == "__main__":
    main()
