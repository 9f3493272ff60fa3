"""What keeps the database private and SQL cannot do; dbt-duckdb loads it through profiles.yml.

- Files are made readable by their owner only.
- The key of pseudonyms reaches SQL as two variables, set outside of dbt, which logs statements.
- A database from which personal data was erased is written anew, as DuckDB keeps the bytes of
  deleted values. A file beside it, `<database>.erase`, says so until that is done.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import sys
from pathlib import Path

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.flags import get_flags
from dbt_common.exceptions import DbtRuntimeError

KEY = "DBT_ENV_SECRET_KIRO_PSEUDONYM_KEY"
SHORTEST_KEY = 16
BLOCK_BYTES = 64


class Plugin(BasePlugin):
    """Private files, pseudonyms' key and erasure for one database."""

    def initialize(self, plugin_config: dict) -> None:
        """Make all files from here on, and those of dbt and DuckDB so far, the owner's own."""
        os.umask(0o077)
        self.settings = plugin_config
        keep_to_owner(dbt_files())
        if path := database_file(self.creds):
            keep_to_owner([path, beside(path, ".wal")])
            atexit.register(erase_at_exit, path, plugin_config)

    def update_connection_config(self, creds, config: dict) -> None:
        """Finish, before the database is opened, what a killed process left unfinished."""
        if path := database_file(creds):
            try:
                erase_freed_bytes(path, self.settings)
            except (duckdb.Error, OSError) as error:
                raise DbtRuntimeError(advice(path, error)) from None

    def configure_connection(self, conn) -> None:
        """Remove what a killed process had spilled; none but this one has the database open."""
        if path := database_file(self.creds):
            shutil.rmtree(beside(path, ".tmp"), ignore_errors=True)

    def configure_cursor(self, cursor) -> None:
        """Set the variables `pseudonym_inner_pad` and `pseudonym_outer_pad` if there is a key."""
        key = os.environ.get(KEY, "")
        if len(key) >= SHORTEST_KEY:
            inner, outer = hmac_pads(key.encode())
            cursor.execute("set variable pseudonym_inner_pad = ?::blob", [inner])
            cursor.execute("set variable pseudonym_outer_pad = ?::blob", [outer])


def database_file(creds) -> Path | None:
    """Return the file that the database is in; None in memory and on MotherDuck."""
    is_file = creds.path != ":memory:" and not creds.is_motherduck_database
    return Path(creds.path) if is_file else None


def hmac_pads(key: bytes) -> tuple[bytes, bytes]:
    """Return the two blocks of HMAC-SHA256 (RFC 2104) that the key is mixed into."""
    if len(key) > BLOCK_BYTES:
        key = hashlib.sha256(key).digest()
    key = key.ljust(BLOCK_BYTES, b"\0")
    return bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)


def erase_freed_bytes(path: Path, settings: dict) -> None:
    """Write the database anew if its `.erase` file asks for it; nobody may have it open.

    The copy takes the database's place in one step: a process killed before leaves the old
    database and the `.erase` file, one killed after it only the file. Raises duckdb.Error, OSError.
    """
    marker, path = beside(path, ".erase"), path.resolve()
    if not marker.exists():
        return
    if path.exists():
        copy = beside(path, ".anew")
        for leftover in (copy, beside(copy, ".wal")):
            leftover.unlink(missing_ok=True)
        with duckdb.connect(str(path)) as old:
            old.execute(f"set memory_limit = {quoted(settings.get('memory_limit', '4GB'))}")
            old.execute("set preserve_insertion_order = false")
            [(name, tags)] = old.execute(
                "select database_name, tags from duckdb_databases()"
                " where database_name = current_database()"
            ).fetchall()
            storage = tags["storage_version"].split("+")[0]
            old.execute("checkpoint")
            old.execute(f"attach {quoted(copy)} as anew (storage_version {quoted(storage)})")
            old.execute(f'copy from database "{name}" to anew')
            old.execute("checkpoint anew")
            old.execute("detach anew")
            # Under the old one's lock, so that nobody writes in between.
            copy.replace(path)
        shutil.rmtree(beside(path, ".tmp"), ignore_errors=True)
    marker.unlink()


def erase_at_exit(path: Path, settings: dict) -> None:
    """Close dbt's database and erase; what goes wrong is told, and done by the next build."""
    if beside(path, ".erase").exists():
        DuckDBConnectionManager.env().close()
        try:
            erase_freed_bytes(path, settings)
        except (duckdb.Error, OSError) as error:
            print(advice(path, error), file=sys.stderr)


def advice(path: Path, error: Exception) -> str:
    """Say what an erasure needs."""
    return (
        f"{path} still holds bytes of personal data that were to be erased, as it could not be "
        f"written anew: {error}. Close other programs that use it, see that as much disk space "
        "is free as it takes, and run .venv/bin/dbt build again."
    )


def dbt_files() -> list[Path]:
    """Return the folders that dbt writes to, if in this project, and the files it wrote there."""
    flags = get_flags()
    files = []
    for folder in (flags.TARGET_PATH or "target", flags.LOG_PATH or "logs"):
        inside = Path(folder).resolve().is_relative_to(Path.cwd())
        files += [Path(folder)] if inside else []
        files += [
            path
            for pattern in ("dbt.log*", "*.json", "*.msgpack", "*.gpickle", "*.html")
            for path in Path(folder).glob(pattern)
        ]
    return files


def keep_to_owner(paths: list[Path]) -> None:
    """Let only the owner read and write files and enter folders; those of others stay."""
    for path in paths:
        if path.exists() and path.stat().st_uid == os.getuid():
            path.chmod(0o700 if path.is_dir() else 0o600)


def beside(path: Path, suffix: str) -> Path:
    """Return the path with a suffix added to its name."""
    return path.with_name(path.name + suffix)


def quoted(text: object) -> str:
    """Return a text as SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"
