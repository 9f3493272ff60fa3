"""Reads each bill file completely before the build uses it, and sets damaged files aside.

dbt-duckdb loads this plugin through profiles.yml. Without it, one damaged file would break the
statement that reads all files, and with it the build.
"""

from __future__ import annotations

import glob
import gzip
import re
import zlib
from pathlib import Path

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

CHUNK_BYTES = 1 << 20
LINE_ENDS = (b"", b"\n", b"\r")


class Plugin(BasePlugin):
    """The plugin for the macro `checked_bill_files`."""

    def store(self, target_config) -> None:
        """Check each of the config's `files` (path and kind) and append the results to `checks`.

        dbt-duckdb lets macros make only this plugin call, which cannot return a value.
        """
        config = target_config.config
        for path, kind in config["files"]:
            config["checks"].append({"path": path, **check(path, config["queries"].get(kind))})


def check(path: str, query: str | None) -> dict:
    """Read a whole file and return its `kiro_lines` and its `problem`, if any.

    The query reads the file `$path` and returns one row that begins with the number of Kiro lines.
    The problem never quotes the file, because files may contain personal data.
    """
    if query is None:
        return failed("It is a ZIP archive: unpack it.")
    try:
        if not path.endswith(".parquet") and not ends_with_a_line(Path(path)):
            return failed("Its last line is not complete, so it may be truncated.")
        with duckdb.connect(config={"threads": 1}) as connection:
            [(lines, *_)] = connection.execute(query, {"path": glob.escape(path)}).fetchall()
            rejected = rejected_line(connection)
    except duckdb.BinderException as error:
        column = re.search(r"\(([a-z_]+)\|", str(error))
        return failed(
            "It is not a Cost and Usage Report: it has no column "
            f"{column[1] if column else 'that a bill needs'}."
        )
    except (duckdb.Error, OSError, EOFError, zlib.error) as error:
        return failed(
            f"It cannot be read to the end ({type(error).__name__}): it may be truncated."
        )
    if rejected:
        return failed(f"Line {rejected} cannot be read: it may be truncated.")
    return {"kiro_lines": lines, "problem": None}


def failed(problem: str) -> dict:
    """Return the result for an unusable file."""
    return {"kiro_lines": 0, "problem": problem}


def ends_with_a_line(path: Path) -> bool:
    """Return whether a text file, compressed or not, is empty or ends with a line break.

    Raises OSError, or EOFError for a truncated compressed file.
    """
    if path.suffix != ".gz":
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 1))
            return file.read() in LINE_ENDS
    last = b""
    with gzip.open(path) as file:
        while chunk := file.read(CHUNK_BYTES):
            last = chunk
    return last[-1:] in LINE_ENDS


def rejected_line(connection: duckdb.DuckDBPyConnection) -> int | None:
    """Return the first line that the CSV reader skipped (`store_rejects`)."""
    try:
        [(line,)] = connection.execute("select min(line) from reject_errors").fetchall()
    except duckdb.CatalogException:
        # Parquet readers reject no lines.
        return None
    return line
