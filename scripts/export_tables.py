#!/usr/bin/env python3
"""Export public tables to Parquet, and to CSV files that contain no formulas."""

from __future__ import annotations

from pathlib import Path

import click
from built_tables import database_option, opened
from command_line import Command, Failure, examples, in_project, say, volume_options
from dashboard.files import private_files, write_extracts
from dashboard.reading import PUBLIC_TABLES, PublicTables


@click.command(
    cls=Command,
    epilog=examples(
        "export_tables.py chargeback_focus",
        "export_tables.py --out /srv/finance license_utilization chargeback_monthly",
    ),
)
@click.argument("names", nargs=-1, metavar="[TABLE]...", type=click.Choice(PUBLIC_TABLES))
@database_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: in_project("export"),
    show_default="export in the project",
    help="Folder to write to.",
)
@click.option("--show-people", is_flag=True, help="Include the people table.")
@volume_options()
def main(names: tuple[str, ...], database: Path, out: Path, show_people: bool) -> None:
    """Export each TABLE (by default, all public tables) to a CSV file and a Parquet file.

    Values may come from users or from files that other people write, so in the CSV file, values
    that a spreadsheet would run as a formula start with an apostrophe. The Parquet file has the
    original values.

    Exit status: 0 done, 2 usage error, or the database or the folder cannot be used,
    130 interrupted.
    """
    if "people" in names and not show_people:
        raise click.UsageError(
            "The people table contains names and email addresses: add --show-people to export it."
        )
    try:
        with opened(database) as connection, private_files():
            tables = PublicTables(connection, show_people)
            if missing := [name for name in names if name not in tables.names]:
                raise Failure(
                    f"{database} has no table {', '.join(missing)}: run .venv/bin/dbt build."
                )
            written = write_extracts(tables, out, show_people, list(names) or PUBLIC_TABLES)
    except OSError as error:
        raise Failure(f"{out} cannot be written: {error.strerror}.") from error
    for file in written:
        say(f"Wrote {file}.")


if __name__ == "__main__":
    main()
