"""What can be wrong with a database's file, and what to do about it."""

from __future__ import annotations

from pathlib import Path

# By what DuckDB says.
IN_USE = ("could not set lock", "conflicting lock", "being used by another process")
WAL = (" wal ", ".wal")
NEWER = ("version number", "storage version", "newer version")
DAMAGED = (
    "corrupt",
    "not a valid duckdb database",
    "could not read enough bytes",
    "sqlite_scanner",
    "deserialize",
)


def beside(path: Path, suffix: str) -> Path:
    """Return the path with a suffix added to its name."""
    return path.with_name(path.name + suffix)


def published_copy(path: Path) -> Path:
    """Return where the public tables of the database at `path` are published."""
    return path.with_name(f"{path.stem}_published{path.suffix}")


def advice_on_name(path: Path) -> str | None:
    """Return why no database can have this file; None if it can.

    dbt and DuckDB call a database by the name of its file, and have to agree on it.
    """
    name = path.stem
    if "'" in name or '"' in name:
        problem = "has a quotation mark in its name"
    elif name.lower() in ("main", "temp", "system"):
        problem = f"is called {name}, as is a part of every database"
    elif path.is_symlink() and path.resolve().stem != name:
        problem = f"is a symbolic link to {path.resolve().name}, and DuckDB goes by that name"
    else:
        return None
    return f"The database {path} {problem}: name another file in KIRO_DUCKDB_PATH."


def advice_on_opening(path: Path, error: Exception) -> str:
    """Say what keeps a database from being opened, and what to do."""
    text = str(error).splitlines()[0]
    said = text.lower()

    def says(words: tuple[str, ...]) -> bool:
        return any(word in said for word in words)

    if says(IN_USE):
        what = (
            f"is open in another program: {text} Close that program, or wait until its build has "
            "ended"
        )
    elif says(WAL):
        what = (
            f"cannot be opened with {beside(path, '.wal').name}, which holds its latest changes: "
            f"{text} If you put {path.name} back from a backup, delete "
            f"{beside(path, '.wal').name}, which belongs to the file that was there before. "
            f"Otherwise it is damaged. {restore(path)}"
        )
    elif says(NEWER):
        what = (
            f"was written by a newer version: {text} Run make setup in the project's newest version"
        )
    elif says(DAMAGED):
        what = f"is damaged, cut off, or no DuckDB database: {text} {restore(path)}"
    else:
        what = (
            f"cannot be opened: {text} See that the folder {path.absolute().parent} is there and "
            "can be written, with room on its disk; or name another place in KIRO_DUCKDB_PATH"
        )
    return f"{path} {what}."


def restore(path: Path) -> str:
    """Say how to go on without a database."""
    return (
        f"Move {path.name} and {beside(path, '.wal').name} away, put a backup of both in their "
        "place if you have one, and run .venv/bin/dbt build: without one it loads the mirror "
        "again, and recommendation_log starts over"
    )
