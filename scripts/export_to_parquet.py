#!/usr/bin/env python3
"""Export the base tables from a build to Parquet files for other engines."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import duckdb
import yaml
from built_tables import database_option, opened, quoted
from command_line import Command, detail, examples, say, volume_options

MODELS = Path(__file__).parents[1] / "models" / "staging"
RECORD = "_exported.json"
FILE = "rows.parquet"
NO_DAY = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True)
class Table:
    """A base table: name, exported columns with types, and partition column.

    A table without a partition column is exported to a single file.
    """

    name: str
    columns: dict[str, str]
    partition_column: str | None

    def rows(self) -> str:
        """Return a query for the rows, with the types used in the files."""
        columns = ", ".join(
            # Times are in UTC, but other engines read times without a time zone as local times.
            f"{name} at time zone 'UTC' as {name}"
            if data_type == "timestamp"
            else f"cast({name} as {data_type}) as {name}"
            for name, data_type in self.columns.items()
        )
        return f"select {columns} from {self.name}"


@dataclass
class Counts:
    """The number of files that an export wrote, kept and removed."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0


@click.command(
    cls=Command,
    epilog=examples(
        "export_to_parquet.py",
        "export_to_parquet.py --database kiro.duckdb --out /shared/kiro-parquet",
    ),
)
@database_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: os.environ.get("KIRO_PARQUET_DIR", "data/parquet"),
    show_default="KIRO_PARQUET_DIR, else data/parquet",
    help="Folder to write to; it must not contain anything else.",
)
@volume_options()
def main(database: Path, out: Path) -> None:
    """Export the base tables to Parquet for dbt build --target spark.

    Report rows go to one folder per activity day. Only days whose rows changed since the last
    export are written, and days that no longer exist are removed. Files are replaced
    atomically, so readers see either the old rows or the new ones.

    Exit status: 0 done, 2 usage error, or the database or the folder cannot be read or written,
    130 interrupted.
    """
    os.umask(0o077)
    if ":/" in str(out):
        raise click.UsageError(
            f"{out} is not a folder on this machine: export to a local folder and copy it."
        )
    counts = Counts()
    with opened(database) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("set preserve_insertion_order = false")
        for table in base_tables():
            detail(table.name)
            export(connection, table, out / table.name, counts)
    say(
        f"{out}: {counts.written} files written, {counts.unchanged} unchanged, "
        f"{counts.removed} removed."
    )


def base_tables() -> Iterator[Table]:
    """Yield the base tables declared in YAML, with the columns that have a type."""
    for path in sorted(MODELS.glob("*/base/*.yml")):
        for model in yaml.safe_load(path.read_text())["models"]:
            yield Table(
                name=model["name"],
                columns={
                    column["name"]: column["data_type"]
                    for column in model["columns"]
                    if "data_type" in column
                },
                partition_column=model.get("config", {}).get("meta", {}).get("exported_by"),
            )


def export(
    connection: duckdb.DuckDBPyConnection, table: Table, folder: Path, counts: Counts
) -> None:
    """Update a table's folder. Raises duckdb.Error, OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    record_path = folder / RECORD
    recorded = read_record(record_path)
    present = fingerprints(connection, table)
    unchanged = {
        partition
        for partition, fingerprint in present.items()
        if recorded.get(partition) == fingerprint and (folder / partition / FILE).exists()
    }
    # First remove changed partitions from the record. If this export is killed, the next one writes
    # them.
    write_record(record_path, {partition: present[partition] for partition in unchanged})
    for partition in sorted(present.keys() - unchanged):
        write_partition(connection, table, folder / partition, partition)
    gone = [path for path in folder.glob(f"*/{FILE}") if path.parent.name not in present]
    for path in gone:
        path.unlink()
        path.parent.rmdir()
    write_record(record_path, present)
    counts.written += len(present) - len(unchanged)
    counts.unchanged += len(unchanged)
    counts.removed += len(gone)


def fingerprints(connection: duckdb.DuckDBPyConnection, table: Table) -> dict[str, str]:
    """Return each partition's folder with a fingerprint of its rows.

    A table without partitions has a single folder "", even if it is empty.
    """
    rows = "select count(*) || '-' || coalesce(sum(hash(exported)), 0)"
    if table.partition_column is None:
        query = f"{rows}, '' from ({table.rows()}) as exported"
    else:
        day = f"coalesce(cast({table.partition_column} as varchar), '{NO_DAY}')"
        query = f"""
            {rows}, '{table.partition_column}=' || {day}
            from ({table.rows()}) as exported
            group by {table.partition_column}
        """
    return {
        folder: f"{fingerprint} {table.columns}"
        for fingerprint, folder in connection.execute(query).fetchall()
    }


def write_partition(
    connection: duckdb.DuckDBPyConnection, table: Table, folder: Path, partition: str
) -> None:
    """Write a partition's rows to a new file, then replace the old file.

    Raises OSError, also if DuckDB cannot write a file.
    """
    folder.mkdir(exist_ok=True)
    beside = folder / f".{FILE}"
    query = table.rows()
    if table.partition_column is not None:
        day = partition.removeprefix(f"{table.partition_column}=")
        condition = "is null" if day == NO_DAY else f"= date '{day}'"
        query = f"""
            select * exclude ({table.partition_column}) from ({query})
            where {table.partition_column} {condition}
        """
    try:
        connection.execute(f"copy ({query}) to {quoted(beside)} (format parquet, compression zstd)")
    except duckdb.Error as error:
        raise OSError(str(error)) from error
    beside.replace(folder / FILE)


def read_record(path: Path) -> dict[str, str]:
    """Return the fingerprints of the exported partitions; empty if unknown."""
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}


def write_record(path: Path, fingerprints: dict[str, str]) -> None:
    """Replace the record atomically. Raises OSError."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(fingerprints, indent=1, sort_keys=True))
    beside.replace(path)


if __name__ == "__main__":
    main()
