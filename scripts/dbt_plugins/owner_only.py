"""Makes files readable by their owner only."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from dbt.flags import get_flags


def dbt_files(with_compiled: bool = False) -> list[Path]:
    """Return the unshared folders that dbt writes to, and the files it wrote there."""
    flags = get_flags()
    patterns = ["dbt.log*", "*.json", "*.msgpack", "*.gpickle", "*.html"]
    patterns += ["compiled/**/*", "run/**/*"] if with_compiled else []
    files = []
    for folder in (flags.TARGET_PATH or "target", flags.LOG_PATH or "logs"):
        files += [] if is_shared(Path(folder)) else [Path(folder)]
        files += [path for pattern in patterns for path in Path(folder).glob(pattern)]
    return files


def is_shared(folder: Path) -> bool:
    """Return whether a folder is shared, such as /tmp, or contains the project itself."""
    return folder.exists() and (
        bool(folder.stat().st_mode & stat.S_ISVTX) or Path.cwd().is_relative_to(folder.resolve())
    )


def keep_to_owner(paths: list[Path]) -> None:
    """Make files and folders readable only by their owner; skip those of other users."""
    for path in paths:
        if path.exists() and path.stat().st_uid == os.getuid():
            path.chmod(0o700 if path.is_dir() else 0o600)
