"""The record of mirrored files, in a SQLite file next to them.

The record merely saves work: a file is skipped only if its size and time on disk match the record,
and without a record, all files are compared with the bucket again.
"""

from __future__ import annotations

import contextlib
import datetime
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from loaders.mirror.bucket import ListedObject
from loaders.mirror.fetching import MirroredFile

SCHEMA_VERSION = 1
SCHEMA = """
create table objects (
    bucket text not null,
    key text not null,
    size_bytes integer not null,
    etag text not null,
    last_modified text not null,
    md5 text not null,
    verification text not null,
    modified_ns integer not null,
    fetched_at text not null,
    gone_at text,
    primary key (bucket, key)
) without rowid;
create table partitions (
    bucket text not null,
    prefix text not null,
    fully_listed_at text,
    primary key (bucket, prefix)
) without rowid;
"""


@dataclass(frozen=True, slots=True)
class RecordedObject:
    """A recorded object: its listing and its file."""

    size_bytes: int
    etag: str
    last_modified: str
    md5: str
    verification: str
    modified_ns: int
    gone: bool

    def proves(self, listed: ListedObject) -> bool:
        """Return whether the recorded MD5 applies to the listed object."""
        return self.holds(listed) and self.verification != "size"

    def holds(self, listed: ListedObject) -> bool:
        """Return whether the listed object is the one that was mirrored."""
        return (self.size_bytes, self.etag, self.last_modified) == (
            listed.size_bytes,
            listed.etag,
            listed.last_modified.isoformat(),
        )


class Record:
    """A mirror's record; every method raises sqlite3.DatabaseError if the record is damaged."""

    def __init__(self, path: Path | None, read_only: bool):
        self._connection = _open_as_it_is(path) if read_only or not path else _open(path)

    def close(self) -> None:
        """Close the file; uncommitted changes are lost."""
        self._connection.close()

    def commit(self) -> None:
        """Commit the record to disk."""
        self._connection.commit()

    def objects(self, bucket: str, prefix: str, after: str) -> dict[str, RecordedObject]:
        """Return the recorded objects under a prefix with keys after `after`, by key."""
        rows = self._connection.execute(
            "select key, size_bytes, etag, last_modified,"
            " md5, verification, modified_ns, gone_at is not null"
            " from objects where bucket = ? and key > ? and key < ?",
            # The highest character sorts after all keys with this prefix.
            (bucket, max(after, prefix), prefix + "\U0010ffff"),
        )
        return {key: RecordedObject(*values) for key, *values in rows}

    def add(self, bucket: str, files: Iterable[MirroredFile]) -> None:
        """Record files that are in place, and commit."""
        fetched_at = _now().isoformat(timespec="seconds")
        self._connection.executemany(
            "insert or replace into objects values (?, ?, ?, ?, ?, ?, ?, ?, ?, null)",
            (
                (
                    bucket,
                    file.listed.key,
                    file.listed.size_bytes,
                    file.listed.etag,
                    file.listed.last_modified.isoformat(),
                    file.md5,
                    file.verification,
                    file.modified_ns,
                    fetched_at,
                )
                for file in files
            ),
        )
        self._connection.commit()

    def mark_gone(self, bucket: str, keys: Iterable[str]) -> None:
        """Record that objects are no longer in the bucket; their files are kept."""
        gone_at = _now().isoformat(timespec="seconds")
        self._connection.executemany(
            "update objects set gone_at = ? where bucket = ? and key = ?",
            [(gone_at, bucket, key) for key in keys],
        )

    def partitions(self, bucket: str) -> dict[str, datetime.datetime | None]:
        """Return all partitions ever mirrored from a bucket, with their last complete listing."""
        rows = self._connection.execute(
            "select prefix, fully_listed_at from partitions where bucket = ?", (bucket,)
        )
        return {prefix: at and datetime.datetime.fromisoformat(at) for prefix, at in rows}

    def add_partition(self, bucket: str, prefix: str, fully_listed: bool) -> None:
        """Record a partition, and whether it has now been completely listed and mirrored."""
        self._connection.execute(
            "insert into partitions values (?, ?, ?) on conflict do update"
            " set fully_listed_at = coalesce(excluded.fully_listed_at, fully_listed_at)",
            (bucket, prefix, _now().isoformat(timespec="seconds") if fully_listed else None),
        )


def set_aside(path: Path) -> Path:
    """Rename a damaged record so that a new one is created; return its new path."""
    aside = path.with_suffix(".damaged")
    path.replace(aside)
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    return aside


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=1)
    version = connection.execute("pragma user_version").fetchone()[0]
    if version == 0:
        connection.executescript(f"begin; {SCHEMA} pragma user_version = {SCHEMA_VERSION}; commit;")
    elif version != SCHEMA_VERSION:
        raise sqlite3.DatabaseError(f"written by another version of this program ({version})")
    return connection


def _open_as_it_is(path: Path | None) -> sqlite3.Connection:
    """Open the record without writing; a record that cannot be read is treated as empty."""
    if path and path.exists():
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        # A killed run may leave a journal, which a read-only connection cannot replay.
        with contextlib.suppress(sqlite3.OperationalError):
            if connection.execute("pragma user_version").fetchone()[0] == SCHEMA_VERSION:
                return connection
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    return connection


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
