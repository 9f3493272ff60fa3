#!/usr/bin/env python3
"""Write the dashboard: one HTML file, with extracts of the public tables next to it."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from built_tables import database_option, opened
from command_line import Command, Failure, detail, examples, in_project, say, volume_options
from dashboard.files import private_files, write_extracts, write_page
from dashboard.page import render
from dashboard.reading import PublicTables

out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=lambda: in_project("dashboard/index.html"),
    show_default="dashboard/index.html in the project",
    help="HTML file to write; extracts of the tables go to the tables folder next to it.",
)


@click.command(
    cls=Command,
    epilog=examples(
        "build_dashboard.py",
        "build_dashboard.py --out dashboard/index.html --show-people",
    ),
)
@database_option
@out_option
@click.option(
    "--show-people",
    is_flag=True,
    help="Show names and email addresses, and write an extract of the people table.",
)
@volume_options()
def main(database: Path, out: Path, show_people: bool) -> None:
    """Write the dashboard, a page that shows the tables in DATABASE and opens in any browser.

    The page is a single file that loads nothing from the network. It shows only the first
    characters of user ids unless you pass --show-people.

    Exit status: 0 done, 1 done, except for blocks that could not be computed (the page says which),
    2 usage error, or the database or the folder cannot be used, 130 interrupted.
    """
    if out.suffix != ".html":
        # Without this extension, browsers show the page's source.
        raise click.BadParameter(f"{out} must end with .html.", param_hint="--out")
    try:
        with opened(database) as connection, private_files():
            tables = PublicTables(connection, show_people)
            html, faults = render(tables, show_people)
            write_page(out, html)
            extracts = write_extracts(tables, out.parent / "tables", show_people)
    except OSError as error:
        raise Failure(f"{out} cannot be written: {error.strerror}.") from error
    for extract in extracts:
        detail(f"Wrote {extract} ({_megabytes([extract])}).")
    say(f"Wrote {out} ({_megabytes([out])}).")
    say(f"Wrote {len(extracts)} extracts to {out.parent / 'tables'} ({_megabytes(extracts)}).")
    for fault in faults:
        click.echo(f"This block could not be computed: {fault}", err=True)
    sys.exit(1 if faults else 0)


def _megabytes(files: list[Path]) -> str:
    return f"{sum(file.stat().st_size for file in files) / 1e6:.1f} MB"


if __name__ == "__main__":
    main()
