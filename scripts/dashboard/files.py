"""Writes the page and the extracts of the public tables, readable only by their owner."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from built_tables import quoted
from command_line import progress

from .reading import PUBLIC_TABLES, PublicTables

# Text that a spreadsheet would run as a formula, unless it is a number. Includes leading spaces,
# which some spreadsheets drop, and the full-width characters of Chinese and Japanese keyboards.
FORMULA = r"^[\s\p{Z}]*[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]|^[\t\r\n]"

# Timestamps are UTC and marked as such.
CSV = "format csv, header, timestampformat '%Y-%m-%dT%H:%M:%SZ'"


@contextmanager
def private_files():
    """Create files with mode 0600 and folders with mode 0700."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def put_in_place(file: Path) -> Iterator[Path]:
    """Yield a temporary path; it replaces the file on success and is removed on failure."""
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        yield unfinished
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def write_page(out: Path, html: str) -> None:
    """Write the page, either completely or not at all."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with put_in_place(out) as unfinished:
        unfinished.write_text(html, encoding="utf-8")


def write_extracts(
    tables: PublicTables, folder: Path, show_people: bool, names: list[str] = PUBLIC_TABLES
) -> list[Path]:
    """Write public tables atomically to `folder`, as CSV and Parquet; return the files.

    The table `people` is written only if `show_people` is set; otherwise, any earlier extract is
    removed. Raises OSError if a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    written = []
    with progress(len(names), "Writing extracts") as steps:
        for name in names:
            for ending, select, options in (
                ("csv", _without_formulas(tables, name), CSV),
                ("parquet", f"select * from {name}", "format parquet"),
            ):
                file = folder / f"{name}.{ending}"
                if name in tables.names and (show_people or name != "people"):
                    with put_in_place(file) as unfinished:
                        copy(tables.connection, f"({select}) to {quoted(unfinished)} ({options})")
                    written.append(file)
                else:
                    file.unlink(missing_ok=True)
            steps.update(1)
    return written


def copy(connection: duckdb.DuckDBPyConnection, what_and_where: str) -> None:
    """Let DuckDB write a file; raises OSError if it fails."""
    try:
        connection.execute(f"copy {what_and_where}")
    except duckdb.IOException as error:
        is_full = "No space left" in str(error)
        number = errno.ENOSPC if is_full else errno.EIO
        raise OSError(
            number, os.strerror(number) if is_full else str(error).splitlines()[0]
        ) from error


def _without_formulas(tables: PublicTables, name: str) -> str:
    columns = tables.connection.execute(
        "select column_name, data_type from duckdb_columns() where table_name = ? "
        "order by column_index",
        [name],
    ).fetchall()
    cells = [
        f"""
        case
            when regexp_matches("{column}", '{FORMULA}') and try_cast("{column}" as double) is null
                then '''' || "{column}"
            else "{column}"
        end as "{column}"
        """
        if kind == "VARCHAR"
        else f'"{column}"'
        for column, kind in columns
    ]
    return f"select {', '.join(cells)} from {name}"
