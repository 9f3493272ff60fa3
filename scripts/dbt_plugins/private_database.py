"""Keeps the database private in ways that SQL cannot; dbt-duckdb loads it through profiles.yml.

- Makes files readable by their owner only.
- Passes keys and people to forget to SQL as variables that dbt does not log, and overwrites earlier
  log entries about these people.
- Rewrites the database after personal data was erased, because DuckDB keeps the bytes of deleted
  values. The file `<database>.erase` marks a database that must be rewritten.
- Restricts SQL to files in the database's folder and in the folders listed in the profile.
- Copies the public tables of a complete build into a separate file, which is always complete and
  never locked.
"""

from __future__ import annotations

import atexit
import hashlib
import hmac
import os
import secrets
import shutil
import sys
from pathlib import Path

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from dbt_plugins.database_files import (
    advice_on_name,
    advice_on_opening,
    beside,
    published_copy,
    write_whole,
)
from dbt_plugins.findings import COLUMNS, in_words
from dbt_plugins.forgetting import blot_out, people_to_forget, text_pattern
from dbt_plugins.owner_only import dbt_files, keep_to_owner
from dbt_plugins.unwritable_log import tell_once
from packaging.specifiers import SpecifierSet

KEY = "DBT_ENV_SECRET_KIRO_PSEUDONYM_KEY"
SHORTEST_KEY = 16
BLOCK_BYTES = 64
# As in requirements/project.in.
SUPPORTED_DUCKDB = SpecifierSet(">=1.5.5,<3")
# Findings printed per test; the table has the others.
SHOWN_FINDINGS = 5
# Content of an `.erase` file after a newer copy was published.
PUBLISHED_SINCE = "published"


class Plugin(BasePlugin):
    """Handles a database's file permissions, keys, erasure and published copy."""

    creds: DuckDBCredentials

    def initialize(self, plugin_config: dict) -> None:
        """Make new and existing files of dbt and DuckDB readable only by their owner."""
        check_version(duckdb.__version__)
        os.umask(0o077)
        tell_once()
        self.settings = plugin_config
        self.forgotten = people_to_forget(Path(plugin_config["people_to_forget"]))
        if self.forgotten:
            atexit.register(blot_out, self.forgotten)
        keep_to_owner(dbt_files())
        if path := database_file(self.creds):
            keep_to_owner([path, beside(path, ".wal"), published_copy(path)])
            atexit.register(erase_at_exit, path, plugin_config)

    def update_connection_config(self, creds, config: dict) -> None:
        """Before dbt opens the database, finish what a killed process began, or explain why not.

        If dbt itself failed to open the database, users would see a stack trace.
        """
        path = database_file(creds)
        if not path:
            return
        if problem := advice_on_name(path):
            raise DbtRuntimeError(problem)
        try:
            erase_freed_bytes(path, self.settings)
        except (duckdb.Error, OSError) as error:
            raise DbtRuntimeError(advice(path, error)) from None
        try:
            duckdb.connect(creds.path, config=config).close()
        except duckdb.Error as error:
            raise DbtRuntimeError(advice_on_opening(path, error)) from None

    def configure_connection(self, conn) -> None:
        """Remove what a killed process left behind, and restrict SQL to the files it needs.

        At this point, no other process has the database open.
        """
        self.connection = conn
        path = database_file(self.creds)
        self.id_key = id_key(path)
        if path:
            atexit.register(advise_if_stopped, conn, path)
            shutil.rmtree(beside(path, ".tmp"), ignore_errors=True)
            remove_copy(beside(published_copy(path), ".anew"))
            folders = [path.absolute().parent, *self.settings["folders"]]
            conn.execute(f"set allowed_directories = [{', '.join(map(quoted, folders))}]")
        # While the database is open, neither external access nor loading extensions such as
        # MotherDuck can be allowed again.
        if not self.creds.is_motherduck_database:
            conn.execute("set enable_external_access = false")

    def configure_cursor(self, cursor) -> None:
        """Set the variables with keys and people to forget.

        `id_inner_pad` and `id_outer_pad`; `pseudonym_inner_pad` and `pseudonym_outer_pad` if there
        is a pseudonym key; `people_to_forget` (their number), `forgotten_ids`, and
        `forgotten_pattern`, which finds these people in text.
        """
        keys = {"id": self.id_key}
        forgotten = list(self.forgotten)
        key = os.environ.get(KEY, "").encode()
        if len(key.decode()) >= SHORTEST_KEY:
            keys["pseudonym"] = key
            forgotten += [hmac.new(key, id.encode(), "sha256").hexdigest() for id in forgotten]
        for name, value in keys.items():
            inner, outer = hmac_pads(value)
            cursor.execute(f"set variable {name}_inner_pad = ?::blob", [inner])
            cursor.execute(f"set variable {name}_outer_pad = ?::blob", [outer])
        cursor.execute("set variable people_to_forget = ?::integer", [len(self.forgotten)])
        cursor.execute("set variable forgotten_ids = ?::varchar[]", [forgotten])
        pattern = text_pattern(self.forgotten) if self.forgotten else None
        cursor.execute("set variable forgotten_pattern = ?::varchar", [pattern])

    def store(self, target_config) -> None:
        """Run the Python part of the macros `advise_on_warnings` and `publish_tables`."""
        schema, config = target_config.relation.schema, target_config.config
        if "tests" in config:
            with self.connection.cursor() as cursor:
                print_advice(cursor, schema, config["tests"])
        else:
            self.publish(schema, config["tables"])

    def publish(self, schema: str, tables: list) -> None:
        """Publish a schema's tables, or explain why the published copy is out of date."""
        path = Path(self.creds.path)
        try:
            with self.connection.cursor() as cursor:
                publish(cursor, schema, tables, path)
        except (duckdb.Error, OSError) as error:
            remove_copy(beside(published_copy(path), ".anew"))
            raise DbtRuntimeError(
                f"The public tables could not be copied, so {published_copy(path)} still has those "
                f"of an earlier build: {error}. Make sure that the folder is writable and its disk "
                f"has space for the public tables, and run .venv/bin/dbt build again."
            ) from None


def check_version(version: str) -> None:
    """Reject unsupported versions of DuckDB before they can change the database."""
    if not SUPPORTED_DUCKDB.contains(version, prereleases=True):
        raise DbtRuntimeError(
            f"The environment {sys.prefix} has DuckDB {version}, and this project needs "
            f"{SUPPORTED_DUCKDB}. Run make setup, and then .venv/bin/dbt."
        )


def print_advice(connection: duckdb.DuckDBPyConnection, schema: str, tests: list) -> None:
    """Explain which tests warned or failed, and what to do about their findings.

    Findings contain personal data, so this bypasses dbt, which logs everything it prints.
    """
    for test in tests:
        print(f"{test['name']}: {test['about'] or 'failed.'}")
        try:
            cursor = connection.execute(
                f"""
                select {COLUMNS}
                from "{schema}".data_quality_findings
                where {test["findings"]}
                order by usage_month desc nulls first, finding, account_id
                """  # noqa: S608 - the project's own columns and conditions
            )
        except duckdb.CatalogException:
            # After a partial build, the table may not exist.
            continue
        names = [column[0] for column in cursor.description]
        findings = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        for finding in findings[:SHOWN_FINDINGS]:
            print(f"  - {in_words(finding)}")
        if more := findings[SHOWN_FINDINGS:]:
            print(f"  and {len(more)} more in data_quality_findings")


def publish(connection: duckdb.DuckDBPyConnection, schema: str, tables: list, path: Path) -> None:
    """Copy tables with their comments into a new file, then replace the published copy.

    The replacement is atomic: if the process is killed earlier, the last copy remains. Raises
    duckdb.Error, OSError.
    """
    published = published_copy(path)
    copy = beside(published, ".anew")
    remove_copy(copy)
    storage = quoted(storage_version(connection))
    # The whole file name, which no other database has.
    name = copy.name
    connection.execute(f'attach {quoted(copy)} as "{name}" (storage_version {storage})')
    try:
        connection.execute("begin")
        for table in tables:
            connection.execute(f'create table "{name}"."{table}" as from "{schema}"."{table}"')
        for statement in comment_statements(connection, schema, tables, name):
            connection.execute(statement)
        connection.execute("commit")
        connection.execute(f'checkpoint "{name}"')
    except duckdb.Error:
        connection.rollback()
        raise
    finally:
        connection.execute(f'detach "{name}"')
    # A reader may have left a log, which must not be applied to the new copy.
    beside(published, ".wal").unlink(missing_ok=True)
    copy.replace(published)
    marker = beside(path, ".erase")
    if marker.exists():
        marker.write_text(PUBLISHED_SINCE)


def comment_statements(
    connection: duckdb.DuckDBPyConnection, schema: str, tables: list, copy: str
) -> list[str]:
    """Return the statements that add comments to a copy's tables and columns."""
    comments = connection.execute(
        """
        select table_name, null as column_name, comment
        from duckdb_tables()
        where database_name = current_database() and schema_name = $schema
        union all
        select view_name, null, comment
        from duckdb_views()
        where database_name = current_database() and schema_name = $schema
        union all
        select table_name, column_name, comment
        from duckdb_columns()
        where database_name = current_database() and schema_name = $schema
        """,
        {"schema": schema},
    ).fetchall()
    return [
        f'comment on column "{copy}"."{table}"."{column}" is {quoted(comment)}'
        if column
        else f'comment on table "{copy}"."{table}" is {quoted(comment)}'
        for table, column, comment in comments
        if table in tables and comment
    ]


def storage_version(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the storage version of the open database, such as `v1.5.0`."""
    [(tags,)] = connection.execute(
        "select tags from duckdb_databases() where database_name = current_database()"
    ).fetchall()
    return tags["storage_version"].split("+")[0]


def remove_copy(path: Path) -> None:
    """Remove a database file and its log, if they exist."""
    for leftover in (path, beside(path, ".wal")):
        leftover.unlink(missing_ok=True)


def database_file(creds) -> Path | None:
    """Return the database file, or None if the database is in memory or on MotherDuck."""
    is_file = creds.path != ":memory:" and not creds.is_motherduck_database
    return Path(creds.path) if is_file else None


def id_key(path: Path | None) -> bytes:
    """Return the random key for ids derived from names, stored next to the database.

    A database without a file gets a new key in every process.
    """
    key = secrets.token_hex(32)
    if path is None:
        return key.encode()
    # The key must be the same, regardless of the link used to open the database.
    file = beside(path.resolve(), ".key")
    if not file.exists():
        write_whole(file, key)
    keep_to_owner([file])
    return file.read_bytes()


def hmac_pads(key: bytes) -> tuple[bytes, bytes]:
    """Return the inner and outer HMAC-SHA256 pads (RFC 2104) for a key."""
    if len(key) > BLOCK_BYTES:
        key = hashlib.sha256(key).digest()
    key = key.ljust(BLOCK_BYTES, b"\0")
    return bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)


def erase_freed_bytes(path: Path, settings: dict) -> None:
    """Rewrite the database if an `.erase` file exists; no process may have it open.

    The copy replaces the database atomically. If the process is killed at any time, the `.erase`
    file remains and the next build tries again. Deletes a published copy that still has the
    erased data. Raises duckdb.Error, OSError.
    """
    marker, published, path = beside(path, ".erase"), published_copy(path), path.resolve()
    if not marker.exists():
        return
    if marker.read_text() != PUBLISHED_SINCE:
        published.unlink(missing_ok=True)
    if path.exists():
        copy = beside(path, ".anew")
        remove_copy(copy)
        with duckdb.connect(str(path)) as old:
            old.execute(f"set memory_limit = {quoted(settings.get('memory_limit', '4GB'))}")
            old.execute("set preserve_insertion_order = false")
            [(name,)] = old.execute("select current_database()").fetchall()
            old.execute("checkpoint")
            storage = quoted(storage_version(old))
            old.execute(f'attach {quoted(copy)} as "{copy.name}" (storage_version {storage})')
            old.execute(f'copy from database "{name}" to "{copy.name}"')
            old.execute(f'checkpoint "{copy.name}"')
            old.execute(f'detach "{copy.name}"')
            # Replace the file while it is locked, so that no other process can write to it.
            copy.replace(path)
        shutil.rmtree(beside(path, ".tmp"), ignore_errors=True)
    marker.unlink()


def advise_if_stopped(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Explain what to do if DuckDB closed the database; dbt only shows a stack trace."""
    try:
        connection.execute("select 1")
    except duckdb.FatalException as error:
        print(
            f"DuckDB closed {path} after an error: {error} Usually the disk is full: free space on "
            f"the disk of {path}, or set KIRO_DUCKDB_PATH to a file elsewhere, and run "
            ".venv/bin/dbt build again. No table is half-written.",
            file=sys.stderr,
        )
    except duckdb.ConnectionException:
        # Closed normally.
        pass


def erase_at_exit(path: Path, settings: dict) -> None:
    """Close dbt's database and erase data, or print why not; then the next build tries again."""
    if beside(path, ".erase").exists():
        DuckDBConnectionManager.env().close()
        try:
            erase_freed_bytes(path, settings)
        except (duckdb.Error, OSError) as error:
            print(advice(path, error), file=sys.stderr)


def advice(path: Path, error: Exception) -> str:
    """Explain what to do about a failed erasure."""
    return (
        f"{path} could not be rewritten, so it still contains personal data to erase: {error}. "
        f"Close other programs that use it, free disk space equal to its size, and run "
        f".venv/bin/dbt build again."
    )


def quoted(text: object) -> str:
    """Return text as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"
