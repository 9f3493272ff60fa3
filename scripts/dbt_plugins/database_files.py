"""Problems with database files, and what to do about them."""

from __future__ import annotations

from pathlib import Path

# DuckDB's messages.
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


def write_whole(path: Path, text: str) -> None:
    """Write a file atomically, so that a killed process never leaves half of it; owner-only."""
    unfinished = beside(path, ".anew")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(text)
    unfinished.replace(path)


def published_copy(path: Path) -> Path:
    """Return the path of the published copy of a database's public tables."""
    return path.with_name(f"{path.stem}_published{path.suffix}")


def advice_on_name(path: Path) -> str | None:
    """Return why a database file cannot have this name, or None if it can.

    dbt and DuckDB both derive the database name from the file name, and the results must match.
    """
    name = path.stem
    if "'" in name or '"' in name:
        problem = "has a quotation mark in its name"
    elif name.lower() in ("main", "temp", "system"):
        problem = f"is named {name}, a name that every database uses internally"
    elif path.is_symlink() and path.resolve().stem != name:
        problem = f"is a symbolic link to {path.resolve().name}, and DuckDB uses that name"
    else:
        return None
    return f"The database {path} {problem}: set KIRO_DUCKDB_PATH to another file."


def advice_on_opening(path: Path, error: Exception) -> str:
    """Explain why a database cannot be opened, and what to do."""
    text = str(error).splitlines()[0]
    said = text.lower()

    def says(words: tuple[str, ...]) -> bool:
        return any(word in said for word in words)

    if says(IN_USE):
        what = (
            f"is open in another program: {text} Close that program, or wait until its build is "
            "done"
        )
    elif says(WAL):
        what = (
            f"cannot be opened with {beside(path, '.wal').name}, which holds its latest changes: "
            f"{text} If you restored {path.name} from a backup, delete "
            f"{beside(path, '.wal').name}, which belongs to the previous file. "
            f"Otherwise it is damaged. {restore(path)}"
        )
    elif says(NEWER):
        what = (
            f"was written by a newer version: {text} Run make setup in the project's newest version"
        )
    elif says(DAMAGED):
        what = f"is damaged, truncated, or not a DuckDB database: {text} {restore(path)}"
    else:
        what = (
            f"cannot be opened: {text} Make sure that the folder {path.absolute().parent} exists, "
            "is writable, and has space on its disk; or set KIRO_DUCKDB_PATH to a file elsewhere"
        )
    return f"{path} {what}."


def restore(path: Path) -> str:
    """Explain how to continue without a database."""
    return (
        f"Move {path.name} and {beside(path, '.wal').name} away, put a backup of both in their "
        "place if you have one, and run .venv/bin/dbt build. Without a backup, the build reloads "
        "the mirror, and recommendation_log starts over"
    )
