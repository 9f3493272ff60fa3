"""Read the tables that `dbt build` created, or explain what to do if that fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import duckdb
from command_line import Failure, in_project
from dbt_plugins.database_files import advice_on_opening, published_copy


def database_path() -> Path:
    """Return the path of the database that `dbt build` writes."""
    return in_project(os.environ.get("KIRO_DUCKDB_PATH") or "kiro.duckdb")


database_option = click.option(
    "--database",
    type=click.Path(path_type=Path, dir_okay=False),
    default=database_path,
    show_default="KIRO_DUCKDB_PATH, else kiro.duckdb",
    help="Database that dbt build created.",
)


class TablesUnreadableError(Failure):
    """The database is missing, in use, or not built."""


@contextmanager
def opened(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the database for reading, or its published copy if a build has the database locked.

    Raises TablesUnreadableError, which says what to do, even if a query in the block fails.
    """
    if not database.exists():
        raise TablesUnreadableError(f"{database} does not exist: run .venv/bin/dbt build first.")
    try:
        with connected(database) as connection:
            yield connection
    except duckdb.IOException as error:
        raise TablesUnreadableError(advice_on_opening(database, error)) from error
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise TablesUnreadableError(
            f"{database} is missing tables or columns: run .venv/bin/dbt build ({error})."
        ) from error
    except duckdb.Error as error:
        raise TablesUnreadableError(advice_on_opening(database, error)) from error


def connected(database: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection to the database, or to its published copy if a build has a lock."""
    try:
        return duckdb.connect(str(database), read_only=True)
    except duckdb.IOException:
        published = published_copy(database)
        if not published.exists():
            raise
        return duckdb.connect(str(published), read_only=True)


def quoted(path: Path) -> str:
    """Return a path as an SQL literal."""
    return "'" + str(path).replace("'", "''") + "'"


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict]:
    """Run a query and return its rows as dictionaries."""
    cursor = connection.execute(query)
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def read_tables(database: Path, queries: dict[str, str]) -> dict[str, list[dict]]:
    """Run named queries and return each query's rows as dictionaries.

    Raises TablesUnreadableError, which says what to do.
    """
    with opened(database) as connection:
        return {name: rows(connection, query) for name, query in queries.items()}
