"""Detects changes to anything that a build reads or writes since the last complete daily run.

A file is treated as unchanged if its size and times are the same: `st_ctime`, which programs
cannot set, changes whenever the content, name or owner changes. All files in the project
are treated as input, unless the project is known to write them.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from command_line import PROJECT, in_project
from dbt_plugins.database_files import beside, published_copy, write_whole

# Prefixes of environment variables that affect a build.
SETTINGS = ("KIRO_", "DBT_", "PYTHON", "LANG", "LC_", "TZ")
# Project folders that the project writes to or that are tracked separately.
OTHER_FOLDERS = ("dashboard", "data", "export", "logs", "report", "target")
# Written on every run: the loader's files in the mirror, and compiled Python files.
NOTES = (".sync", "__pycache__")


def what_a_build_reads(database: Path, page: Path) -> dict[str, str]:
    """Return a digest of each part. Call this before the build, so that no change is missed."""
    forgotten = in_project(os.environ.get("KIRO_PEOPLE_TO_FORGET") or "data/people_to_forget.txt")
    return {
        "reports": digest(files_below(_folder("KIRO_REPORTS_DIR", "data/reports"))),
        "lists and bills": digest(files_below(_folder("KIRO_SEATS_DIR", "data/seats"))),
        # Compare the content, because each build sets this file's mode, which changes a time.
        "people to forget": digest([content_of(forgotten)]),
        "environment": digest(
            item for item in sorted(os.environ.items()) if item[0].startswith(SETTINGS)
        ),
        "project": digest(project_files(database.absolute(), page.absolute())),
        "installed versions": digest([sys.version, sys.prefix, *installed()]),
    }


def what_a_build_makes(database: Path) -> dict[str, str]:
    """Return a digest of the database and the files next to it."""
    published = published_copy(database)
    paths = [
        *(database, *(beside(database, suffix) for suffix in (".wal", ".key", ".erase"))),
        *(published, beside(published, ".wal")),
    ]
    return {"tables": digest(map(state_of, paths))}


def what_a_dashboard_is(page: Path) -> dict[str, str]:
    """Return a digest of the page and the extracts next to it."""
    return {"dashboard": digest([state_of(page), *files_below(page.parent / "tables")])}


class LastBuild:
    """The record of the last complete daily run, stored next to the database."""

    def __init__(self, database: Path):
        self.path = beside(database, ".built")

    def changed(self, parts: dict[str, str]) -> list[str]:
        """Return the parts that differ from the record, or all parts if there is no record."""
        recorded = self._read().get("parts", {})
        return [part for part, value in parts.items() if recorded.get(part) != value]

    def ended_at(self) -> str:
        """Return when the recorded run ended."""
        return self._read()["ended_at"]

    def forget(self) -> None:
        """Remove the record before the recorded files change."""
        self.path.unlink(missing_ok=True)

    def record(self, parts: dict[str, str]) -> None:
        """Write the record atomically."""
        ended_at = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        write_whole(self.path, json.dumps({"ended_at": ended_at, "parts": parts}, indent=2))

    def _read(self) -> dict:
        try:
            return json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}


def digest(parts: Iterable[object]) -> str:
    """Return a hash of all parts."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(f"{part!r}\n".encode())
    return whole.hexdigest()


def state_of(path: Path | str) -> tuple:
    """Return a file's size and times, or the error number if they cannot be read."""
    try:
        found = os.stat(path)
    except OSError as error:
        return str(path), error.errno
    return str(path), found.st_size, found.st_mtime_ns, found.st_ctime_ns


def content_of(path: Path) -> bytes | int | None:
    """Return a file's content, or the error number if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        return error.errno


def files_below(folder: Path, left_out: tuple[str, ...] = ()) -> Iterator[tuple]:
    """Yield the state of each file in a folder, following links and skipping `left_out`."""
    seen = set()

    def walk(path: str) -> Iterator[tuple]:
        try:
            identity = os.stat(path)
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError as error:
            yield path, error.errno
            return
        # A link may point to a folder that contains it.
        if (identity.st_dev, identity.st_ino) in seen:
            return
        seen.add((identity.st_dev, identity.st_ino))
        for entry in entries:
            if entry.name in NOTES or entry.path in left_out:
                continue
            if os.path.isdir(entry.path) if entry.is_symlink() else entry.is_dir():
                yield from walk(entry.path)
            else:
                yield state_of(entry.path)

    yield from walk(str(folder))


def project_files(database: Path, page: Path) -> Iterator[tuple]:
    """Yield the state of each file in the project, except files that it writes itself."""
    for folder in sorted({PROJECT, PROJECT / os.environ.get("DBT_PROJECT_DIR", "")}):
        made = [
            *(folder / name for name in OTHER_FOLDERS),
            *(path for path in folder.glob(".*") if path.is_dir()),
            *database.parent.glob(f"{database.name}*"),
            *database.parent.glob(f"{published_copy(database).name}*"),
            *(page, page.parent / "tables"),
        ]
        yield from files_below(folder, tuple(map(str, made)))
    yield state_of(PROJECT / os.environ.get("DBT_PROFILES_DIR", "") / "profiles.yml")


def installed() -> Iterator[tuple]:
    """Yield installed packages; their folder names include the version."""
    for folder in sys.path:
        for path in sorted(Path(folder).glob("*.dist-info")):
            yield state_of(path)


def _folder(variable: str, default: str) -> Path:
    return in_project(os.environ.get(variable) or default)
